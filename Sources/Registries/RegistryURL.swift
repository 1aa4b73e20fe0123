/// The address of a registry: scheme, host and port, and nothing else.
///
/// The canonical text has a lower-case host, no default port and no path. Harbor cannot live under a path, and `/v2/` is the
/// same on every OCI registry, so a path can only be a page that was pasted.
public struct RegistryURL: Sendable, Hashable, CustomStringConvertible {
    /// The canonical text: `https://harbor.example.com:8443`.
    public let description: String
    /// The host alone, lower-case; an IPv6 address stands in brackets.
    public let host: String
    /// What was corrected on the way, for the user to read.
    public let notes: [String]

    /// Two addresses are the same when their canonical texts are, whatever was corrected on the way.
    public static func == (left: RegistryURL, right: RegistryURL) -> Bool { left.description == right.description }

    /// Hashes the canonical text.
    public func hash(into hasher: inout Hasher) { hasher.combine(description) }

    /// Longer input is refused unread.
    public static let lengthLimit = 2_048

    /// Parses what a user typed. `plainHTTPHosts` are the hosts (`host` or `host:port`) that may be spoken to without TLS.
    /// The message of the error names the fix and never repeats the input, which may hold a password.
    public init(_ raw: String, plainHTTPHosts: Set<String> = []) throws(ValidationError) {
        guard raw.utf8.count <= RegistryURL.lengthLimit else { throw ValidationError("is too long to be a URL") }
        guard raw.utf8.allSatisfy({ $0 > 32 && $0 < 127 && $0 != UInt8(ascii: "\\") }) else {
            throw ValidationError(
                "must be a URL of plain ASCII without spaces (an international name in its xn-- form)"
            )
        }
        // Plain ASCII from here on: bytes are characters, and looking at bytes costs a tenth.
        var notes: [String] = []
        var rest = Array(raw.utf8)[...]

        let scheme: String
        if let colon = rest.firstIndex(of: "://") {
            scheme = String(decoding: rest[..<colon], as: UTF8.self).lowercased()
            rest = rest[(colon + 3)...]
        } else {
            scheme = "https"
            notes.append("https:// was put in front")
        }
        guard scheme == "https" || scheme == "http" else { throw ValidationError("must begin with https://") }

        guard !rest.contains(UInt8(ascii: "?")), !rest.contains(UInt8(ascii: "#")) else {
            throw ValidationError("must not have a query or a fragment; give only https://host[:port]")
        }
        let slash = UInt8(ascii: "/")
        let authority = rest.prefix { $0 != slash }
        guard !authority.contains(UInt8(ascii: "@")) else {
            throw ValidationError("must not contain a username or password; they have fields of their own")
        }
        if rest[authority.endIndex...].contains(where: { $0 != slash }) {
            notes.append("the path after the host was cut off")
        }

        let (host, port) = try RegistryURL.split(authority)
        let defaultPort = scheme == "https" ? 443 : 80
        let hostAndPort = port.map { $0 == defaultPort ? host : "\(host):\($0)" } ?? host
        guard
            scheme == "https" || plainHTTPHosts.contains("\(host):\(port ?? defaultPort)")
                || plainHTTPHosts.contains(host)
        else {
            throw ValidationError(
                "must begin with https:// (plain http only for hosts in the setting plain-http-hosts)"
            )
        }
        description = "\(scheme)://\(hostAndPort)"
        self.host = host
        self.notes = notes
    }

    /// Why a text is not a registry's address.
    public struct ValidationError: Error, Sendable, Equatable {
        /// What is wrong and what to do; begins with `must` or `is`, to stand after the field's name.
        public let message: String

        init(_ message: String) { self.message = message }
    }

    /// Takes the bytes of `host[:port]` apart.
    static func split(_ authority: ArraySlice<UInt8>) throws(ValidationError) -> (host: String, port: Int?) {
        let hostEnd: Int
        if authority.first == UInt8(ascii: "[") {
            guard let bracket = authority.firstIndex(of: UInt8(ascii: "]")) else {
                throw ValidationError("has an unclosed bracket")
            }
            hostEnd = bracket + 1
        } else {
            hostEnd = authority.firstIndex(of: UInt8(ascii: ":")) ?? authority.endIndex
        }
        let host = try HostName(authority[..<hostEnd]).description
        // `https:/x`, `https//x` and `https://https://x` would all send the secret to a host of this name.
        guard host != "https", host != "http" else {
            throw ValidationError("must be https://host[:port], with https:// in front once")
        }
        let rest = authority[hostEnd...]
        guard !rest.isEmpty else { return (host, nil) }
        let digits = rest.dropFirst()
        guard rest.first == UInt8(ascii: ":"), digits.count <= 5, digits.allSatisfy(HostName.isDigit),
            let port = Int(String(decoding: digits, as: UTF8.self)), (1...65_535).contains(port)
        else { throw ValidationError("has a port that is not a number from 1 to 65535") }
        return (host, port)
    }
}

extension ArraySlice<UInt8> {
    fileprivate func firstIndex(of needle: StaticString) -> Int? {
        needle.withUTF8Buffer { needle in indices.first { self[$0...].starts(with: needle) } }
    }
}
