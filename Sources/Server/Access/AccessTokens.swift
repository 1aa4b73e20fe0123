import Crypto
import Foundation
import Sealing
import Tenancy

/// The ten-minute tokens of `/oidc/token`: `pra_` and, in base64url, the API key's id, the time of expiry, the root key's id and
/// an HMAC-SHA256 over these.
///
/// A token says nothing of what it may do: the API key behind it is looked up on each use, so that revoking the key ends its
/// tokens at once.
struct AccessTokens: Sendable {
    static let prefix = "pra_"
    /// Seconds.
    static let lifetime: TimeInterval = 600
    private static let payloadSize = 16 + 8 + 16

    private let keys: [(id: RootKeyID, key: SymmetricKey)]

    init(keyring: Keyring) {
        keys = keyring.ids.compactMap { id in
            keyring.derivedKey(for: "pratique access token", from: id).map { (id, $0) }
        }
    }

    /// A token for the API key `id`.
    func issue(for id: APIKeyID, now: Date) -> String {
        guard let (root, key) = keys.first else { return "" }
        var payload = withUnsafeBytes(of: id.uuid.uuid, Array.init)
        let expiry = Int64((now + AccessTokens.lifetime).timeIntervalSince1970)
        withUnsafeBytes(of: expiry.bigEndian) { payload.append(contentsOf: $0) }
        payload.append(contentsOf: root.description.utf8)
        let mac = HMAC<SHA256>.authenticationCode(for: payload, using: key)
        return AccessTokens.prefix + Data(payload + mac).base64URLEncoded
    }

    /// The API key that a token stands for; nil when it is damaged, forged or over.
    func keyID(of token: String, now: Date) -> APIKeyID? {
        guard
            token.utf8.count < 200,
            let bytes = Data(base64URLEncoded: token.dropFirst(AccessTokens.prefix.count)),
            bytes.count == AccessTokens.payloadSize + SHA256.byteCount
        else { return nil }
        let payload = Array(bytes.prefix(AccessTokens.payloadSize))
        let root = String(decoding: payload[24...], as: UTF8.self)
        guard
            let key = keys.first(where: { $0.id.description == root })?.key,
            HMAC<SHA256>.isValidAuthenticationCode(bytes.suffix(SHA256.byteCount), authenticating: payload, using: key)
        else { return nil }
        let expiry = payload[16..<24].reduce(Int64(0)) { $0 << 8 | Int64($1) }
        guard Double(expiry) > now.timeIntervalSince1970 else { return nil }
        return APIKeyID(payload.withUnsafeBytes { UUID(uuid: $0.loadUnaligned(as: uuid_t.self)) })
    }
}

extension Data {
    /// Base64 with `-` and `_`, without padding. Source: RFC 4648, section 5.
    fileprivate var base64URLEncoded: String {
        String(
            base64EncodedString().compactMap { character in
                switch character {
                case "+": "-"
                case "/": "_"
                case "=": nil
                default: character
                }
            }
        )
    }

    fileprivate init?(base64URLEncoded text: some StringProtocol) {
        var standard = String(text.map { $0 == "-" ? "+" : $0 == "_" ? "/" : $0 })
        standard += String(repeating: "=", count: (4 - standard.utf8.count % 4) % 4)
        self.init(base64Encoded: standard)
    }
}
