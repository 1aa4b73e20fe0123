import Foundation
import NIOCore
import NIOFoundationCompat
import NIOHTTP1
import Server

/// A status, headers and a body of bounded size.
struct APIAnswer: Sendable {
    let status: Int
    let headers: HTTPHeaders
    let body: ByteBuffer
    let request: APIRequest

    /// The body as `Value`. Throws a ``CommandFailure`` when it is something else.
    func decoded<Value: Decodable>(as type: Value.Type = Value.self) throws -> Value {
        do {
            return try JSONDecoder().decode(Value.self, from: body)
        } catch {
            throw CommandFailure(
                "the answer to \(request.method) \(request.path) is not what a Pratique server sends",
                hint: "check --url, and that server and command line are of the same version (\(Release.version))"
            )
        }
    }

    /// A correction that the server made to what it was given.
    var note: String? { header("x-pratique-note") }

    /// The first header of this name, which is not case-sensitive.
    func header(_ name: String) -> String? { headers.first(name: name) }
}
