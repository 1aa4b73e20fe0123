import Foundation

extension Keyring {
    /// A known value sealed under one root key, stored once per key id: it shows at start that the key at hand is the key
    /// that was used, before anything depends on it.
    public func canary() throws(SealingError) -> SealedSecret {
        try seal(SecretBundle([("canary", Secret(Keyring.canaryText))]), for: Keyring.canaryContext)
    }

    /// Whether `canary` opens with its key. Throws ``SealingError`` when it does not.
    public func check(canary: SealedSecret) throws(SealingError) {
        guard try open(canary, for: Keyring.canaryContext)["canary"] == Secret(Keyring.canaryText) else {
            throw SealingError(.doesNotOpen, "the canary of root key \(canary.rootKey) holds another value")
        }
    }

    private static let canaryText = "pratique"
    private static let canaryContext = SealingContext(
        organization: UUID(uuid: (0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0)),
        credential: UUID(uuid: (0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0)),
        kind: "canary",
        version: 0
    )
}
