/// An http or https URL that the outbound client can send to: no username, no fragment, a host in canonical form.
///
/// Path and query stay as they were written, byte for byte, so that Harbor's doubly encoded `%252F` arrives as such. What no
/// URL may hold (a blank, a quote, a lone `%`) is percent-encoded on the way in. Printing it shows the redacted form.
public struct OutboundURL: Sendable, Hashable {
    /// Scheme, host and port.
    public let origin: OutboundOrigin
    /// Encoded; begins with `/`.
    public let path: String
    /// Encoded, without the question mark; nil when there is none.
    public let query: String?

    /// Longer input is refused: signed storage URLs stay well below it.
    public static let lengthLimit = 16_384

    init(origin: OutboundOrigin, path: String, query: String?) {
        self.origin = origin
        self.path = path
        self.query = query
    }

    /// Parses an absolute URL. Throws ``ValidationError``, whose message never repeats the input.
    public init(_ raw: String) throws(ValidationError) {
        try OutboundURL.checkBytes(raw)
        guard !raw.contains("#") else { throw ValidationError("must not have a fragment") }
        guard let (scheme, rest) = OutboundURL.scheme(of: raw) else { throw ValidationError("has no scheme") }
        self = try OutboundURL(scheme: scheme, rest: rest)
    }

    /// Resolves a reference as it stands in `Link` and `Location` headers: absolute, `//host/…`, `/…`, relative or `?…`.
    /// A fragment is dropped. Source: RFC 3986, section 5.2.
    public func resolving(_ reference: String) throws(ValidationError) -> OutboundURL {
        try OutboundURL.checkBytes(reference)
        let reference = reference.prefix { $0 != "#" }
        if let (scheme, rest) = OutboundURL.scheme(of: String(reference)) {
            return try OutboundURL(scheme: scheme, rest: rest)
        }
        if reference.hasPrefix("//") {
            return try OutboundURL(scheme: origin.isSecure ? "https" : "http", rest: reference.dropFirst(2))
        }
        let (path, query) = OutboundURL.splitQuery(reference)
        if path.isEmpty {
            return OutboundURL(origin: origin, path: self.path, query: query ?? self.query)
        }
        let base = path.hasPrefix("/") ? "" : self.path[...(self.path.lastIndex(of: "/") ?? self.path.startIndex)]
        let merged = OutboundURL.withoutDotSegments(String(base) + path)
        return OutboundURL(origin: origin, path: OutboundURL.repaired(merged), query: query)
    }

    /// The whole URL, with everything that its query holds. Never log it.
    public var text: String { origin.description + target }

    /// Path and query, as they are sent.
    public var target: String { path + (query.map { "?\($0)" } ?? "") }

    /// This URL with `name=value` added to its query.
    public func adding(_ name: String, _ value: String) -> OutboundURL {
        let pair = "\(OutboundURL.encoded(name))=\(OutboundURL.encoded(value))"
        let query = query.map { $0.isEmpty ? pair : "\($0)&\(pair)" } ?? pair
        return OutboundURL(origin: origin, path: path, query: query)
    }

    /// Why a text is no URL to send to.
    public struct ValidationError: Error, Sendable, Equatable {
        /// What is wrong; to stand after `the address`.
        public let message: String

        init(_ message: String) { self.message = message }
    }
}

extension OutboundURL: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    /// The redacted form.
    public var description: String { URLRedactor.redacted(self) }
    /// The redacted form.
    public var debugDescription: String { description }
    /// An empty mirror: a description alone would leak through `dump`.
    public var customMirror: Mirror { Mirror(self, children: [:]) }
}

extension OutboundURL {
    private init(scheme: String, rest: Substring) throws(ValidationError) {
        guard scheme == "https" || scheme == "http" else { throw ValidationError("must be https or http") }
        let authority = rest.prefix { $0 != "/" && $0 != "?" }
        guard !authority.contains("@") else { throw ValidationError("must not hold a username or password") }
        let address: (host: String, port: Int?)
        do {
            // The same reading of host and port as of addresses that users type. Whether http is allowed is judged when it is sent.
            address = try RegistryURL.split(Array(authority.utf8)[...])
        } catch { throw ValidationError(error.message) }
        let isSecure = scheme == "https"
        let (path, query) = OutboundURL.splitQuery(rest[authority.endIndex...])
        self.init(
            origin: OutboundOrigin(isSecure: isSecure, host: address.host, port: address.port ?? (isSecure ? 443 : 80)),
            path: path.isEmpty ? "/" : OutboundURL.repaired(String(path)),
            query: query
        )
    }

    private static func checkBytes(_ raw: String) throws(ValidationError) {
        guard raw.utf8.count <= lengthLimit else { throw ValidationError("is too long to be a URL") }
        guard raw.utf8.allSatisfy({ $0 >= 32 && $0 < 127 && $0 != UInt8(ascii: "\\") }) else {
            throw ValidationError("holds characters that no URL has")
        }
    }

    private static func scheme(of raw: String) -> (scheme: String, rest: Substring)? {
        guard let colon = raw.firstIndex(of: ":"), raw[colon...].hasPrefix("://"), raw.first?.isLetter == true,
            raw[..<colon].utf8.allSatisfy({ isUnreserved($0) || $0 == UInt8(ascii: "+") })
        else { return nil }
        return (raw[..<colon].lowercased(), raw[colon...].dropFirst(3))
    }

    private static func splitQuery(_ text: Substring) -> (path: Substring, query: String?) {
        guard let mark = text.firstIndex(of: "?") else { return (text, nil) }
        return (text[..<mark], repaired(String(text[text.index(after: mark)...])))
    }

    private static func withoutDotSegments(_ path: String) -> String {
        var kept: [Substring] = []
        let segments = path.split(separator: "/", omittingEmptySubsequences: false).dropFirst()
        for (index, segment) in segments.enumerated() {
            let isLast = index == segments.count - 1
            switch segment {
            case ".": if isLast { kept.append("") }
            case "..":
                _ = kept.popLast()
                if isLast { kept.append("") }
            default: kept.append(segment)
            }
        }
        return "/" + kept.joined(separator: "/")
    }
}
