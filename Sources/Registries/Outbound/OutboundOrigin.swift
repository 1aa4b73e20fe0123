/// Scheme, host and port of a URL: what a secret belongs to. Source: RFC 6454.
public struct OutboundOrigin: Sendable, Hashable, CustomStringConvertible {
    /// Whether it is spoken to through TLS.
    public let isSecure: Bool
    /// Lower-case name, dotted IPv4 address, or IPv6 address in brackets.
    public let host: String
    /// 1 to 65,535.
    public let port: Int

    init(isSecure: Bool, host: String, port: Int) {
        self.isSecure = isSecure
        self.host = host
        self.port = port
    }

    /// The origin of a registry's address.
    public init(_ url: RegistryURL) {
        let text = url.description
        isSecure = text.hasPrefix("https:")
        host = url.host
        let rest = text.dropFirst((isSecure ? "https://" : "http://").count + url.host.count)
        port = Int(rest.dropFirst()) ?? (isSecure ? 443 : 80)
    }

    /// Parses `scheme://host[:port]`. Throws ``OutboundURL/ValidationError``.
    public init(_ raw: String) throws(OutboundURL.ValidationError) {
        let url = try OutboundURL(raw)
        guard url.path == "/", url.query == nil else {
            throw OutboundURL.ValidationError("has more than scheme, host and port")
        }
        self = url.origin
    }

    /// `host`, or `host:port` where the port is not the default of the scheme.
    public var authority: String { port == (isSecure ? 443 : 80) ? host : "\(host):\(port)" }

    /// `scheme://host[:port]`, the port only where it is not the default.
    public var description: String { (isSecure ? "https://" : "http://") + authority }

    /// A URL of this origin. `path` is percent-encoded by the caller (see ``OutboundURL/encoded(_:)``) and sent byte for byte;
    /// names and values of `query` are encoded here.
    public func url(_ path: String, query: [(name: String, value: String)] = []) -> OutboundURL {
        let pairs = query.map { "\(OutboundURL.encoded($0.name))=\(OutboundURL.encoded($0.value))" }
        return OutboundURL(
            origin: self,
            path: OutboundURL.repaired(path.hasPrefix("/") ? path : "/" + path),
            query: pairs.isEmpty ? nil : pairs.joined(separator: "&")
        )
    }
}
