import Foundation
import NIOHTTP1

/// One call of the API, before it has an address and a key.
struct APIRequest: Sendable {
    let method: HTTPMethod
    let path: APIPath
    let body: JSONValue?
    /// Sent again with the same value when the connection breaks, so that the server does the work once.
    let idempotencyKey: String?
    /// Whether the answer may be long: no page of a list, but all that is known of something.
    var isDocument = false

    /// A GET of a document.
    static func document(_ path: APIPath) -> APIRequest {
        APIRequest(method: .GET, path: path, body: nil, idempotencyKey: nil, isDocument: true)
    }

    static func get(_ path: APIPath) -> APIRequest {
        APIRequest(method: .GET, path: path, body: nil, idempotencyKey: nil)
    }

    /// A POST that creates something.
    static func create(_ path: APIPath, _ body: JSONValue) -> APIRequest {
        APIRequest(method: .POST, path: path, body: body, idempotencyKey: UUID().uuidString.lowercased())
    }

    /// A POST that does something and creates nothing.
    static func post(_ path: APIPath, _ body: JSONValue? = nil) -> APIRequest {
        APIRequest(method: .POST, path: path, body: body, idempotencyKey: nil)
    }

    static func put(_ path: APIPath, _ body: JSONValue) -> APIRequest {
        APIRequest(method: .PUT, path: path, body: body, idempotencyKey: nil)
    }

    static func patch(_ path: APIPath, _ body: JSONValue) -> APIRequest {
        APIRequest(method: .PATCH, path: path, body: body, idempotencyKey: nil)
    }

    static func delete(_ path: APIPath) -> APIRequest {
        APIRequest(method: .DELETE, path: path, body: nil, idempotencyKey: nil)
    }
}
