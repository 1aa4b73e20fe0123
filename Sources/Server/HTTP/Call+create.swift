import Foundation
import HTTPTypes
import Hummingbird
import NIOCore
import Storage
import Tenancy

/// The answer to a creating request.
struct Created: Sendable {
    var status: HTTPResponse.Status = .created
    /// Where the new thing is.
    var location: String?
    let body: JSON
    /// The body holds something that is shown once and never kept.
    var isShownOnce = false
}

extension Call {
    /// Runs a creating write. With an `Idempotency-Key` the answer is kept in the same transaction, and the same request sent
    /// again within 24 hours gets it without a second write; the key with another request is a 409.
    ///
    /// Source: draft-ietf-httpapi-idempotency-key-header-07.
    func create(
        as principal: Principal,
        body: Data,
        _ write: @escaping @Sendable (any SQLSession) throws -> Created
    ) async throws -> Response {
        guard let key = try idempotencyKey() else {
            let created = try await service.database.write(write)
            return response(created.body, status: created.status, location: created.location)
        }
        let macs = service.requestMAC.codes(method: request.method.rawValue, path: request.uri.path, body: body)
        let now = Date()
        return try await service.database.write { session in
            let store = IdempotencyStore(session)
            if let answer = try store.find(key, of: principal.user, now: now) {
                return try replay(answer, macs: macs)
            }
            let created = try write(session)
            let answer = IdempotencyStore.Answer(
                requestMAC: macs[0],
                status: created.status.code,
                location: created.location,
                body: created.isShownOnce ? nil : created.body.text
            )
            try store.insert(answer, key: key, of: principal.user, now: now)
            return response(created.body, status: created.status, location: created.location)
        }
    }

    private func idempotencyKey() throws(APIError) -> String? {
        guard let key = request.headers[.idempotencyKey] else { return nil }
        guard (1...255).contains(key.utf8.count), key.utf8.allSatisfy({ (33...126).contains($0) }) else {
            throw .invalid("Idempotency-Key", "must be 1 to 255 printable ASCII characters without spaces")
        }
        return key
    }

    private func replay(_ answer: IdempotencyStore.Answer, macs: [[UInt8]]) throws(APIError) -> Response {
        guard macs.contains(answer.requestMAC) else {
            throw APIError(
                status: .conflict,
                code: .idempotencyKeyReused,
                message: "this Idempotency-Key was used for another request within the last 24 hours",
                hint: "Use a new key for each new request"
            )
        }
        guard let body = answer.body else {
            throw APIError(
                status: .conflict,
                code: .idempotencyNotRepeatable,
                message: "this request was carried out, and its answer held a key that is shown only once",
                hint: "Revoke what was created and create another one with a new Idempotency-Key"
            )
        }
        var response = Response(
            status: HTTPResponse.Status(code: answer.status),
            headers: [.contentType: "application/json; charset=utf-8"],
            body: ResponseBody(byteBuffer: ByteBuffer(string: body))
        )
        response.headers[.idempotencyReplayed] = "true"
        if let location = answer.location { response.headers[.location] = location }
        return response
    }

    private func response(_ body: JSON, status: HTTPResponse.Status, location: String?) -> Response {
        var response = Response.json(body, status: status)
        if let location { response.headers[.location] = location }
        return response
    }
}
