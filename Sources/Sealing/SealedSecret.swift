/// A secret as it is stored: encrypted under a data key of its own, which is wrapped by a root key.
///
/// The stored form, format version 1:
///
///     1 byte    format version
///     8 bytes   id of the root key
///     60 bytes  the data key: nonce 12, ciphertext 32, tag 16
///     n bytes   the secret: nonce 12, ciphertext, tag 16
public struct SealedSecret: Sendable, Equatable {
    static let formatVersion: UInt8 = 1
    private static let wrappedKeySize = 60
    private static let overhead = 28

    /// The root key that wraps the data key.
    public let rootKey: RootKeyID
    let wrappedKey: [UInt8]
    let ciphertext: [UInt8]

    init(rootKey: RootKeyID, wrappedKey: [UInt8], ciphertext: [UInt8]) {
        self.rootKey = rootKey
        self.wrappedKey = wrappedKey
        self.ciphertext = ciphertext
    }

    /// Reads the stored form. Throws ``SealingError/Code/damagedEnvelope`` when it is cut short or of another version.
    public init(stored bytes: [UInt8]) throws(SealingError) {
        guard bytes.first == SealedSecret.formatVersion else {
            throw SealingError(.damagedEnvelope, "a sealed secret has an unknown format version")
        }
        guard bytes.count >= 9 + SealedSecret.wrappedKeySize + SealedSecret.overhead else {
            throw SealingError(.damagedEnvelope, "a sealed secret is cut short")
        }
        rootKey = RootKeyID(bytes: bytes[1..<9])
        wrappedKey = Array(bytes[9..<9 + SealedSecret.wrappedKeySize])
        ciphertext = Array(bytes[(9 + SealedSecret.wrappedKeySize)...])
    }

    /// The stored form.
    public var stored: [UInt8] {
        [SealedSecret.formatVersion] + rootKey.bytes + wrappedKey + ciphertext
    }
}
