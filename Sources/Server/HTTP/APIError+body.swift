import Foundation
import HTTPTypes
import Hummingbird
import Registries

extension APIError {
    /// The body that every error has.
    func body(path: String, requestID: String, now: Date = Date()) -> JSON {
        .object([
            ("statusCode", .integer(status.code)),
            ("message", .string(message)),
            ("timestamp", .time(now)),
            ("path", .string(path)),
            ("code", .string(code.rawValue)),
            ("requestId", .string(requestID)),
            (
                "errors",
                errors.isEmpty
                    ? nil : .array(errors.map { ["field": .string($0.field), "message": .string($0.message)] })
            ),
            ("upstream", upstream?.body),
            ("hint", .optional(hint)),
        ])
    }

    /// The answer, with the headers that belong to its status.
    func response(path: String, requestID: String) -> Response {
        var response = Response.json(body(path: path, requestID: requestID), status: status)
        if let retryAfter { response.headers[.retryAfter] = String(retryAfter) }
        if !allow.isEmpty { response.headers[.allow] = allow.joined(separator: ", ") }
        if status == .unauthorized { response.headers[.wwwAuthenticate] = #"Bearer realm="pratique""# }
        return response
    }
}

extension RegistryError.Upstream {
    fileprivate var body: JSON {
        .object([
            ("registry", .string(registry)), ("status", status.map { .integer($0) }), ("code", .optional(code)),
        ])
    }
}

extension Response {
    /// A JSON answer.
    static func json(_ json: JSON, status: HTTPResponse.Status = .ok) -> Response {
        let bytes = json.bytes
        return Response(
            status: status,
            headers: [.contentType: "application/json; charset=utf-8", .contentLength: String(bytes.count)],
            body: ResponseBody(byteBuffer: ByteBuffer(bytes: bytes))
        )
    }

    /// 204.
    static let noContent = Response(status: .noContent)
}
