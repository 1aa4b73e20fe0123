import Crypto
import Foundation

/// The text of an API key: `prq_<id>_<secret><checksum>`.
///
/// `id` is the key's UUID (26 characters), `secret` is 32 random bytes (52 characters), `checksum` is the first 30 bits of the
/// SHA-256 of all that stands before it (6 characters); all in lowercase base32 (RFC 4648, no padding). The checksum lets a
/// mistyped key and a secret scanner's false alarm be told without a database.
public struct APIKeyText: Sendable {
    /// What every key begins with.
    public static let prefix = "prq_"
    private static let secretSize = 32

    /// The key's id.
    public let id: APIKeyID
    /// SHA-256 of the secret's bytes: what is stored. A plain hash is enough for 256 random bits.
    public let hash: [UInt8]
    private let text: String

    /// A new key from the system's random generator.
    public init(id: APIKeyID = APIKeyID()) {
        var generator = SystemRandomNumberGenerator()
        let secret = (0..<APIKeyText.secretSize).map { _ in UInt8.random(in: .min ... .max, using: &generator) }
        let body =
            APIKeyText.prefix + Base32.encode(withUnsafeBytes(of: id.uuid.uuid, Array.init)) + "_"
            + Base32.encode(secret)
        self.id = id
        hash = Array(SHA256.hash(data: secret))
        text = body + String(decoding: APIKeyText.checksum(Array(body.utf8)[...]), as: UTF8.self)
    }

    /// Parses a key's text; nil when its form or its checksum is wrong.
    public init?(_ raw: some StringProtocol) {
        let text = String(raw)
        guard text.utf8.count == 4 + 26 + 1 + 52 + 6, text.hasPrefix(APIKeyText.prefix) else { return nil }
        let characters = Array(text.utf8)
        guard
            characters[30] == UInt8(ascii: "_"),
            let id = Base32.decode(characters[4..<30], count: 16),
            let secret = Base32.decode(characters[31..<83], count: APIKeyText.secretSize),
            APIKeyText.checksum(characters[..<83]) == characters[83...]
        else { return nil }
        self.id = APIKeyID(id.withUnsafeBytes { UUID(uuid: $0.loadUnaligned(as: uuid_t.self)) })
        hash = Array(SHA256.hash(data: secret))
        self.text = text
    }

    /// Lends the text, for the one time that it is shown.
    public func reveal() -> String { text }

    private static func checksum(_ body: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
        Base32.characters(of: Array(SHA256.hash(data: body).prefix(4))).prefix(6)
    }
}

extension APIKeyText: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    /// The prefix and the id; never the secret.
    public var description: String { "API key \(id)" }
    /// The prefix and the id; never the secret.
    public var debugDescription: String { description }
    /// A mirror that shows the id only.
    public var customMirror: Mirror { Mirror(self, children: ["id": id]) }
}
