import AsyncHTTPClient
import NIOCore
import NIOFoundationCompat
import NIOHTTP1

/// Sends requests as they are and reads the answers whole.
struct Wire: Sendable {
    /// No answer of a test is larger.
    static let answerLimitInBytes = 16 << 20

    let client: HTTPClient
    let base: String

    func send(
        _ method: String,
        _ target: String,
        headers: [(String, String)] = [],
        body: HTTPClientRequest.Body? = nil,
        from localAddress: String? = nil
    ) async throws -> Answer {
        var request = HTTPClientRequest(url: base + target)
        request.method = HTTPMethod(rawValue: method)
        for (name, value) in headers { request.headers.add(name: name, value: value) }
        request.body = body
        request.localAddress = localAddress
        let response = try await client.execute(request, deadline: .now() + .seconds(120))
        let received = try await response.body.collect(upTo: Self.answerLimitInBytes)
        return Answer(
            method: method,
            target: target,
            status: Int(response.status.code),
            headers: response.headers.map { (name: $0.name.lowercased(), value: $0.value) },
            body: Array(received.readableBytesView)
        )
    }
}
