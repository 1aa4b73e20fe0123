public import Crypto
import Foundation

/// The root keys of this node: the active one seals, every one opens what it sealed.
public struct Keyring: Sendable {
    /// The key that seals.
    public let active: RootKeyID
    private let keys: [RootKeyID: RootKey]
    private let activeKey: RootKey

    /// A keyring of `keys`, of which the first is active. Throws ``SealingError/Code/invalidRootKey`` when there is none.
    public init(_ keys: [RootKey]) throws(SealingError) {
        guard let first = keys.first else { throw SealingError(.invalidRootKey, "the keyring has no root key") }
        activeKey = first
        active = first.id
        self.keys = Dictionary(keys.map { ($0.id, $0) }) { first, _ in first }
    }

    /// The ids of all keys, the active one first.
    public var ids: [RootKeyID] {
        [active] + keys.keys.filter { $0 != active }.sorted { $0.description < $1.description }
    }

    /// Whether this keyring can open what `id` sealed.
    public func contains(_ id: RootKeyID) -> Bool { keys[id] != nil }

    /// Seals `bundle` under a new data key, bound to `context`. Nonces are random; a data key is used once, and a root key
    /// wraps fewer than 2^32 data keys before it must be rotated (NIST SP 800-38D, section 8.3).
    public func seal(_ bundle: SecretBundle, for context: SealingContext) throws(SealingError) -> SealedSecret {
        let plaintext = try bundle.encoded()
        let dataKey = Secret.random(count: RootKey.size)
        let ciphertext = try plaintext.withBytes { (bytes) throws(SealingError) in
            try encrypt(
                bytes,
                under: dataKey.withBytes { SymmetricKey(data: $0) },
                additionalData: context.additionalData(layer: .secret)
            )
        }
        return SealedSecret(
            rootKey: active,
            wrappedKey: try wrap(dataKey, for: context),
            ciphertext: ciphertext
        )
    }

    /// Opens `sealed`, which must have been sealed for the same `context`. Throws ``SealingError/Code/unknownKey`` when this
    /// keyring lacks its root key, ``SealingError/Code/doesNotOpen`` when it was moved or tampered with.
    public func open(_ sealed: SealedSecret, for context: SealingContext) throws(SealingError) -> SecretBundle {
        let dataKey = try unwrap(sealed, for: context)
        var plaintext = try decrypt(
            sealed.ciphertext,
            under: dataKey,
            additionalData: context.additionalData(layer: .secret)
        )
        defer { plaintext.resetBytes(in: 0..<plaintext.count) }
        return try SecretBundle(decoding: Secret(plaintext))
    }

    /// The same secret with its data key wrapped by the active root key; the secret itself is not touched.
    public func rewrap(_ sealed: SealedSecret, for context: SealingContext) throws(SealingError) -> SealedSecret {
        let dataKey = try unwrap(sealed, for: context).withUnsafeBytes { Secret($0) }
        return SealedSecret(rootKey: active, wrappedKey: try wrap(dataKey, for: context), ciphertext: sealed.ciphertext)
    }

    /// A key for another purpose, derived from the root key `id` (HKDF-SHA256 with `purpose` as info, RFC 5869). Nil when
    /// this keyring lacks the root key.
    public func derivedKey(for purpose: String, from id: RootKeyID) -> SymmetricKey? {
        keys[id].map { key in
            HKDF<SHA256>.deriveKey(inputKeyMaterial: key.wrapping, info: Data(purpose.utf8), outputByteCount: 32)
        }
    }

    private func wrap(_ dataKey: Secret, for context: SealingContext) throws(SealingError) -> [UInt8] {
        try dataKey.withBytes { (bytes) throws(SealingError) in
            try encrypt(
                bytes,
                under: activeKey.wrapping,
                additionalData: context.additionalData(layer: .dataKey(wrappedBy: active.description))
            )
        }
    }

    private func unwrap(_ sealed: SealedSecret, for context: SealingContext) throws(SealingError) -> SymmetricKey {
        guard let key = keys[sealed.rootKey] else {
            throw SealingError(.unknownKey, "the keyring lacks root key \(sealed.rootKey)")
        }
        var dataKey = try decrypt(
            sealed.wrappedKey,
            under: key.wrapping,
            additionalData: context.additionalData(layer: .dataKey(wrappedBy: sealed.rootKey.description))
        )
        defer { dataKey.resetBytes(in: 0..<dataKey.count) }
        return SymmetricKey(data: dataKey)
    }
}

/// Bytes of a nonce. Source: NIST SP 800-38D, section 8.2.2.
private let nonceSize = 12

private func encrypt(
    _ plaintext: UnsafeRawBufferPointer,
    under key: SymmetricKey,
    additionalData: [UInt8]
) throws(SealingError) -> [UInt8] {
    do {
        let nonce = try Secret.random(count: nonceSize).withBytes { try AES.GCM.Nonce(data: $0) }
        let box = try AES.GCM.seal(plaintext, using: key, nonce: nonce, authenticating: additionalData)
        guard let combined = box.combined else {
            throw SealingError(.invalidSecret, "a secret was encrypted with a nonce of unusual length")
        }
        return Array(combined)
    } catch {
        throw SealingError(.invalidSecret, "a secret could not be encrypted")
    }
}

private func decrypt(
    _ ciphertext: [UInt8],
    under key: SymmetricKey,
    additionalData: [UInt8]
) throws(SealingError) -> Data {
    do {
        return try AES.GCM.open(AES.GCM.SealedBox(combined: ciphertext), using: key, authenticating: additionalData)
    } catch {
        throw SealingError(.doesNotOpen, "a sealed secret does not open: it was changed, or moved from another row")
    }
}
