public import Foundation
import OCI
public import Sealing

/// What a registry token says of itself. Nobody checked its signature: it tells what the token service meant to grant, no more.
///
/// Source: distribution, docs/spec/auth/jwt.md.
public struct TokenClaims: Sendable, Hashable {
    /// A right that was granted.
    public struct Access: Sendable, Hashable, Decodable {
        /// `repository`, `registry`.
        public let type: String
        /// `library/alpine`.
        public let name: String
        /// `pull`, `push`, `delete`, `*`, and what a registry invents.
        public let actions: [String]
    }

    /// Whom it was given to; nil or empty: to nobody in particular.
    public let subject: String?
    /// When it ends.
    public let expiresAt: Date?
    /// What was granted; nil when the token does not tell.
    public let access: [Access]?

    /// The claims in a JSON web token of at most 64 KiB; nil when it is none, as with registries whose tokens are opaque.
    public init?(unverified token: Secret) {
        // Opaque tokens are no error, and the decoder's words could quote the token.
        guard let payload = TokenClaims.payload(of: token),
            let body = try? JSONDecoder().decode(Body.self, from: Data(payload))
        else { return nil }
        subject = body.sub
        expiresAt = body.exp.flatMap { $0.isFinite ? Date(timeIntervalSince1970: $0) : nil }
        access = body.access.map { Array($0.prefix(256)) }
    }

    /// What was granted on `repository`; empty also when the token does not tell.
    public func actions(on repository: String) -> [String] {
        (access ?? []).filter { $0.name == repository && $0.type.hasPrefix("repository") }.flatMap(\.actions)
    }

    /// The JSON in the middle of a token, not nested deeper than usual.
    public static func payload(of token: Secret) -> [UInt8]? {
        guard token.count <= BodyLimit.token.sizeInBytes else { return nil }
        return token.withBytes { bytes -> [UInt8]? in
            let parts = bytes.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
            guard parts.count == 3, let payload = Base64.decodedURL(String(decoding: parts[1], as: UTF8.self)),
                JSONBounds.isShallow(payload)
            else { return nil }
            return payload
        }
    }

    private struct Body: Decodable {
        let sub: String?
        let exp: Double?
        let access: [Access]?

        enum CodingKeys: String, CodingKey {
            case sub
            case exp
            case access
        }

        init(from decoder: any Decoder) throws {
            let container = try decoder.container(keyedBy: CodingKeys.self)
            // A claim of another shape is as good as none.
            sub = try? container.decode(String.self, forKey: .sub)
            exp = try? container.decode(Double.self, forKey: .exp)
            access = try? container.decode([Access].self, forKey: .access)
        }
    }
}
