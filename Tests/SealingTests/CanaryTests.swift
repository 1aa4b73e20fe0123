import Sealing
import Testing

/// The canary of a root key shows at start that the key at hand is the one that was used. Source: product.md, promise 8.
@Suite struct CanaryTests {
    @Test func canaryOpensWithItsKeyAlsoAfterRotation() throws {
        let key = try RootKey.random()
        let canary = try Keyring([key]).canary()
        #expect(canary.rootKey == key.id)
        try Keyring([key]).check(canary: canary)
        try Keyring([.random(), key]).check(canary: SealedSecret(stored: canary.stored))
    }

    @Test func canaryOfAnotherKeyIsUnknown() throws {
        let canary = try Keyring([.random()]).canary()
        #expect(try failure { try Keyring([.random()]).check(canary: canary) } == .unknownKey)
    }

    /// A key of the right name that does not open it: 64 bits of name are no proof.
    @Test func canaryThatDoesNotOpenIsRefused() throws {
        let keyring = try Keyring([.random()])
        var bytes = try keyring.canary().stored
        bytes[bytes.count - 1] ^= 1
        #expect(try failure { try keyring.check(canary: SealedSecret(stored: bytes)) } == .doesNotOpen)
    }

    @Test func sealedCredentialIsNoCanaryAndTheOtherWayRound() throws {
        let keyring = try Keyring([.random()])
        let sealed = try keyring.seal(.password("x"), for: .place())
        #expect(try failure { try keyring.check(canary: sealed) } == .doesNotOpen)
        #expect(try failure { try keyring.open(keyring.canary(), for: .place()) } == .doesNotOpen)
    }
}
