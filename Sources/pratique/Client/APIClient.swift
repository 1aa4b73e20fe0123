import AsyncHTTPClient
import Foundation
import NIOCore
import NIOFoundationCompat
import NIOHTTP1
import NIOSSL
import Sealing
import Server

/// Speaks with one server. The key goes to that server only: redirects are not followed.
struct APIClient: Sendable {
    let address: ServerAddress
    private let key: Secret?
    private let http: HTTPClient

    /// The largest page of a list is far smaller; what is larger is no answer of ours.
    private static let bodyLimit = 16 * 1024 * 1024
    private static let deadline = TimeAmount.seconds(30)
    /// A hundred thousand packages, each with some kilobytes of places and licences.
    private static let documentLimit = 512 * 1024 * 1024
    /// As long over a line of a megabyte in a second.
    private static let documentDeadline = TimeAmount.minutes(10)

    /// Lends a client to `body`. Without a key it can ask only what needs none.
    static func withClient<Result>(
        _ settings: ClientSettings,
        key: Secret?,
        _ body: (APIClient) async throws -> Result
    ) async throws -> Result {
        if key != nil { try settings.address.requireProtection(insecureHTTP: settings.insecureHTTP) }
        var configuration = HTTPClient.Configuration()
        configuration.tlsConfiguration = try trust(caCertificate: settings.caCertificate)
        configuration.redirectConfiguration = .disallow
        configuration.timeout = .init(connect: .seconds(10), read: deadline)
        // A command that fails at once and says why beats one that waits for the connect timeout.
        configuration.connectionPool.retryConnectionEstablishment = false
        return try await HTTPClient.withHTTPClient(configuration: configuration) { http in
            try await body(APIClient(address: settings.address, key: key, http: http))
        }
    }

    /// The answer, if it is one of success. Throws ``APIFailure`` for another status, ``CommandFailure`` without one.
    func send(_ request: APIRequest) async throws -> APIAnswer {
        let answer = try await answer(to: request)
        guard (200..<300).contains(answer.status) else {
            throw APIFailure(answer: answer)
        }
        return answer
    }

    /// The answer, whatever its status.
    func answer(to request: APIRequest) async throws -> APIAnswer {
        do {
            return try await attempt(request)
        } catch let error as HTTPClientError where error == .remoteConnectionClosed && request.isRepeatable {
            return try await attemptAgain(request)
        } catch {
            throw CommandFailure(transport: error, address: address)
        }
    }

    private func attemptAgain(_ request: APIRequest) async throws -> APIAnswer {
        do {
            return try await attempt(request)
        } catch {
            throw CommandFailure(transport: error, address: address)
        }
    }

    private func attempt(_ request: APIRequest) async throws -> APIAnswer {
        var message = HTTPClientRequest(url: address.description + request.path.description)
        message.method = request.method
        message.headers.add(name: "accept", value: request.isDocument ? "*/*" : "application/json")
        message.headers.add(name: "user-agent", value: "pratique/\(Release.version)")
        if let key { message.headers.add(name: "x-api-key", value: try headerValue(of: key)) }
        if let idempotencyKey = request.idempotencyKey {
            message.headers.add(name: "idempotency-key", value: idempotencyKey)
        }
        if let body = request.body {
            message.headers.add(name: "content-type", value: "application/json")
            message.body = .bytes(try JSONEncoder().encodeAsByteBuffer(body, allocator: ByteBufferAllocator()))
        }
        let (deadline, limit) =
            request.isDocument ? (Self.documentDeadline, Self.documentLimit) : (Self.deadline, Self.bodyLimit)
        let response = try await http.execute(message, timeout: deadline)
        let body = try await response.body.collect(upTo: limit)
        return APIAnswer(status: Int(response.status.code), headers: response.headers, body: body, request: request)
    }

    private func headerValue(of key: Secret) throws -> String {
        let isPlain = key.withBytes { bytes in bytes.allSatisfy { (0x21...0x7E).contains($0) } }
        guard isPlain else {
            throw CommandFailure("the key holds characters that no key has", hint: "copy it again")
        }
        return key.withBytes { String(decoding: $0, as: UTF8.self) }
    }

    private static func trust(caCertificate path: String?) throws -> TLSConfiguration {
        var configuration = TLSConfiguration.makeClientConfiguration()
        guard let path else { return configuration }
        do {
            configuration.additionalTrustRoots = [.certificates(try NIOSSLCertificate.fromPEMFile(path))]
        } catch {
            throw CommandFailure("cannot read certificates from \(path)", hint: "give a file in PEM form")
        }
        return configuration
    }
}

extension APIRequest {
    /// Whether doing it twice is the same as doing it once.
    fileprivate var isRepeatable: Bool { method == .GET || idempotencyKey != nil }
}
