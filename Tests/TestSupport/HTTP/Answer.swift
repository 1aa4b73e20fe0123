import Foundation

/// What a server answered to one request.
public struct Answer: Sendable, CustomStringConvertible {
    /// The request: `GET /user/profile`.
    public let method: String
    /// The path with its query.
    public let target: String
    /// The HTTP status.
    public let status: Int
    /// The headers in the order they came, names in lower case.
    public let headers: [(name: String, value: String)]
    /// The body.
    public let body: [UInt8]

    /// An answer.
    public init(method: String, target: String, status: Int, headers: [(name: String, value: String)], body: [UInt8]) {
        self.method = method
        self.target = target
        self.status = status
        self.headers = headers
        self.body = body
    }

    /// The path without its query.
    public var path: String { String(target.prefix { $0 != "?" }) }

    /// The one value of a header; nil when there is none. Two of one name are joined, so that a test sees them.
    public subscript(header: String) -> String? {
        let values = headers.filter { $0.name == header.lowercased() }.map(\.value)
        return values.isEmpty ? nil : values.joined(separator: " | ")
    }

    /// The body as text.
    public var text: String { String(decoding: body, as: UTF8.self) }

    /// The body as JSON.
    public var json: TestJSON { get throws { try TestJSON(body) } }

    /// The stable code of an error body.
    public var code: String? { (try? json)?["code"].string }

    /// The fields that an error body complains about.
    public var fields: [String] { ((try? json)?["errors"].items ?? []).compactMap { $0["field"].string } }

    /// Everything that came over the wire, as one text.
    public var wire: String {
        headers.map { "\($0.name): \($0.value)\n" }.joined() + "\n" + text
    }

    /// The request and the answer on one line.
    public var description: String { "\(method) \(target) -> \(status) \(text.prefix(600))" }
}
