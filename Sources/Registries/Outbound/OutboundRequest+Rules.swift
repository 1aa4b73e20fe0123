import Sealing

extension OutboundRequest {
    /// Headers that the client writes itself or never sends.
    static let ownHeaders: Set<String> = [
        "authorization", "cookie", "proxy-authorization", "host", "accept-encoding", "connection", "content-length",
        "content-type", "transfer-encoding", "te", "upgrade", "user-agent", "expect", "keep-alive",
    ]
    /// What another origin may see of the headers.
    private static let headersForOthers: Set<String> = ["accept", "range", "if-none-match", "if-range"]

    /// The value of `Authorization`; nil without one. Throws ``RegistryError`` for what no header can hold.
    func authorizationHeader() throws -> String? {
        switch authorization {
        case nil: return nil
        case .basic(let username, let password):
            guard !username.utf8.contains(UInt8(ascii: ":")) else {
                throw RegistryError(.authenticationFailed, "a username with a colon cannot be sent to a registry")
            }
            return "Basic "
                + password.withBytes { Base64.encoded(Array(username.utf8) + [UInt8(ascii: ":")] + Array($0)) }
        case .bearer(let token):
            return try token.withBytes { bytes in
                guard !bytes.isEmpty, bytes.allSatisfy({ $0 > 32 && $0 < 127 }) else {
                    throw RegistryError.misbehaved(url.origin, "is to get a token that no header can hold")
                }
                return "Bearer " + String(decoding: bytes, as: UTF8.self)
            }
        }
    }

    /// Where an answer sends us; nil when it is no redirect. Throws when the rule does not follow it.
    func redirectTarget(of head: OutboundHead) throws -> OutboundURL? {
        guard [301, 302, 303, 307, 308].contains(head.status) else { return nil }
        guard redirects != .never, method.isRead else {
            throw RegistryError.misbehaved(url.origin, "redirects where none is expected", status: head.status)
        }
        // Why it is none is not told: a storage's address may hold a signature.
        guard let location = head.headers["Location"], let target = try? url.resolving(location) else {
            throw RegistryError.misbehaved(url.origin, "redirects to no valid address", status: head.status)
        }
        return target
    }

    /// This request to where an answer sent it, the `hops`th time. Throws when the rule forbids it.
    func redirected(to target: OutboundURL, hops: Int) throws -> OutboundRequest {
        guard !url.origin.isSecure || target.origin.isSecure else {
            throw RegistryError.misbehaved(url.origin, "redirects from https to http")
        }
        var next = self
        next.url = target
        next.isAddressHidden = true
        switch redirects {
        case .never: throw RegistryError.misbehaved(url.origin, "redirects where none is expected")
        case .sameOrigin(let most):
            guard hops <= most else { throw RegistryError.misbehaved(url.origin, "redirects too often") }
            guard target.origin == url.origin else {
                throw RegistryError.misbehaved(url.origin, "redirects to another host")
            }
        case .anywhereAnonymously(let most):
            guard hops <= most else { throw RegistryError.misbehaved(url.origin, "redirects too often") }
            next.authorization = nil
            next.headers = headers.filter { OutboundRequest.headersForOthers.contains($0.name.lowercased()) }
            next.trust = trust?.withoutClientCertificate
        }
        return next
    }
}

extension OutboundHeaders {
    /// Registries send about 20.
    static let mostFields = 128
    /// A challenge with many scopes is 4 KiB.
    static let mostBytes = 64 << 10
}
