/// The headers of an answer, in order; names compare without case.
public struct OutboundHeaders: Sendable {
    let fields: [(name: String, value: String)]

    init(_ fields: [(name: String, value: String)]) { self.fields = fields }

    /// The first value of `name`.
    public subscript(name: String) -> String? {
        fields.first { $0.name.lowercased() == name.lowercased() }?.value
    }

    /// Every value of `name`, in order.
    public func all(_ name: String) -> [String] {
        fields.filter { $0.name.lowercased() == name.lowercased() }.map(\.value)
    }
}

/// Status and headers of an answer.
public struct OutboundHead: Sendable {
    /// The HTTP status.
    public let status: Int
    /// The headers.
    public let headers: OutboundHeaders
    /// Where it came from, after redirects.
    public let url: OutboundURL

    /// The announced length of the body, if there is one.
    public var contentLength: Int? { headers["Content-Length"].flatMap { Int($0) } }
}

/// An answer with its whole body.
public struct OutboundResponse: Sendable {
    /// Status and headers.
    public let head: OutboundHead
    /// The body; of an answer with an error status at most its first 64 KiB.
    public let body: [UInt8]

    /// The HTTP status.
    public var status: Int { head.status }
    /// The headers.
    public var headers: OutboundHeaders { head.headers }
    /// Where it came from, after redirects.
    public var url: OutboundURL { head.url }
}
