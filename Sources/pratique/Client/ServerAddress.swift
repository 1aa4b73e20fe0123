import Foundation

/// Where a Pratique server answers: a scheme, a host, perhaps a port and a path that a proxy serves it under.
struct ServerAddress: Hashable, Sendable, CustomStringConvertible {
    let isEncrypted: Bool
    let host: String
    let description: String

    init(_ raw: String) throws {
        guard let parts = URLComponents(string: raw), let scheme = parts.scheme?.lowercased(),
            scheme == "https" || scheme == "http"
        else {
            throw CommandFailure.usage(
                "the server's address must begin with https:// (or http:// for this machine)",
                hint: "for example --url https://pratique.example.org"
            )
        }
        guard parts.user == nil, parts.password == nil else {
            throw CommandFailure.usage(
                "the server's address must not hold a user or a password",
                hint: "keys are read from PRATIQUE_API_KEY, PRATIQUE_API_KEY_FILE or `pratique login`"
            )
        }
        guard let rawHost = parts.host, !rawHost.isEmpty, parts.query == nil, parts.fragment == nil else {
            throw CommandFailure.usage("the server's address needs a host, and takes no query and no fragment")
        }
        isEncrypted = scheme == "https"
        host = rawHost.lowercased().trimmingCharacters(in: ["[", "]"])
        var text = "\(scheme)://\(host.contains(":") ? "[\(host)]" : host)"
        if let port = parts.port, port != (isEncrypted ? 443 : 80) { text += ":\(port)" }
        var path = parts.percentEncodedPath
        while path.hasSuffix("/") { path.removeLast() }
        description = text + path
    }

    /// Whether a key can travel there without others on the way reading it.
    var protectsKey: Bool { isEncrypted || isLoopback }

    /// Only exact forms count: `127.0.0.1.example.org` is a name like any other.
    private var isLoopback: Bool {
        if host == "localhost" || host == "::1" { return true }
        var address = in_addr()
        guard inet_pton(AF_INET, host, &address) == 1 else { return false }
        return UInt32(bigEndian: address.s_addr) >> 24 == 127
    }

    /// Throws unless a key may be sent to this address.
    func requireProtection(insecureHTTP: Bool) throws {
        guard protectsKey || insecureHTTP else {
            throw CommandFailure.usage(
                "refusing to send a key to \(self): without TLS everybody on the way could read it",
                hint: "use https://, or --insecure-http if the way is protected by something else"
            )
        }
    }
}
