import Foundation

/// One request that a stub received, byte for byte where it matters.
public struct StubRequest: Sendable, CustomStringConvertible {
    /// `GET`, `HEAD`, …
    public let method: String
    /// Path and query as they came, still encoded.
    public let target: String
    /// Headers in order.
    public let headers: [(name: String, value: String)]
    /// The body.
    public let body: [UInt8]

    /// A request.
    public init(method: String, target: String, headers: [(name: String, value: String)] = [], body: [UInt8] = []) {
        self.method = method
        self.target = target
        self.headers = headers
        self.body = body
    }

    /// The path, still encoded.
    public var path: String { String(target.prefix { $0 != "?" }) }

    /// The path's segments, decoded once, as a server's router does it.
    public var segments: [String] {
        path.split(separator: "/").map { $0.removingPercentEncoding ?? String($0) }
    }

    /// The query's pairs, decoded once; a name may come several times.
    public var query: [(name: String, value: String)] {
        guard let mark = target.firstIndex(of: "?") else { return [] }
        return target[target.index(after: mark)...].split(separator: "&").map { pair in
            let parts = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            let text: (Substring) -> String = {
                let spaced = $0.replacingOccurrences(of: "+", with: " ")
                return spaced.removingPercentEncoding ?? spaced
            }
            return (text(parts[0]), parts.count > 1 ? text(parts[1]) : "")
        }
    }

    /// The first value of the query's `name`.
    public func query(_ name: String) -> String? { query.first { $0.name == name }?.value }

    /// The first value of a header, whatever its case.
    public subscript(header: String) -> String? {
        headers.first { $0.name.lowercased() == header.lowercased() }?.value
    }

    /// Username and password of a Basic header.
    public var basic: (username: String, password: String)? {
        guard let value = self["Authorization"], value.lowercased().hasPrefix("basic "),
            let data = Data(base64Encoded: String(value.dropFirst(6))),
            let text = String(validating: data, as: UTF8.self), let colon = text.firstIndex(of: ":")
        else { return nil }
        return (String(text[..<colon]), String(text[text.index(after: colon)...]))
    }

    /// The token of a Bearer header.
    public var bearer: String? {
        guard let value = self["Authorization"], value.lowercased().hasPrefix("bearer ") else { return nil }
        return String(value.dropFirst(7))
    }

    /// `GET /path?query`.
    public var description: String { "\(method) \(target)" }
}

/// What a stub answers.
public struct StubAnswer: Sendable {
    /// The HTTP status.
    public var status: Int
    /// Headers; `Content-Length` is added.
    public var headers: [(name: String, value: String)]
    /// The body; an answer to HEAD is sent without it.
    public var body: [UInt8]
    /// How long the stub waits before it answers.
    public var delay: Duration

    /// An answer.
    public init(
        _ status: Int,
        headers: [(name: String, value: String)] = [],
        body: [UInt8] = [],
        delay: Duration = .zero
    ) {
        self.status = status
        self.headers = headers
        self.body = body
        self.delay = delay
    }

    /// JSON, made of what `JSONSerialization` takes.
    public static func json(_ value: Any, status: Int = 200, headers: [(name: String, value: String)] = [])
        -> StubAnswer
    {
        let data = try? JSONSerialization.data(
            withJSONObject: value,
            options: [.fragmentsAllowed, .sortedKeys, .withoutEscapingSlashes]
        )
        return StubAnswer(
            status,
            headers: [("Content-Type", "application/json")] + headers,
            body: Array(data ?? Data())
        )
    }

    /// Plain text.
    public static func text(_ text: String, status: Int) -> StubAnswer {
        StubAnswer(status, headers: [("Content-Type", "text/plain; charset=utf-8")], body: Array(text.utf8))
    }

    /// The errors that OCI registries and Harbor write.
    public static func errors(
        _ status: Int,
        _ code: String,
        _ message: String,
        headers: [(name: String, value: String)] = []
    ) -> StubAnswer {
        .json(["errors": [["code": code, "message": message]]], status: status, headers: headers)
    }
}
