import Sealing
import Testing

/// Old keys open, the newest seals; a rewrapped secret needs the old key no more. Source: product.md, promise 8.
@Suite struct RotationTests {
    private let old: RootKey
    private let new: RootKey
    private let place: SealingContext

    init() throws {
        old = try .random()
        new = try .random()
        place = try .place()
    }

    @Test func oldKeyOpensAndNewestSealsAfterRotation() throws {
        let sealed = try Keyring([old]).seal(.password("one"), for: place)
        let rotated = try Keyring([new, old])
        #expect(rotated.active == new.id)
        #expect(rotated.ids == [new.id, old.id])
        #expect(rotated.contains(old.id) && rotated.contains(new.id))
        #expect(try rotated.open(sealed, for: place)["password"] == Secret("one"))
        #expect(try rotated.seal(.password("two"), for: place).rootKey == new.id)
    }

    @Test func rewrapKeepsTheSecretAndChangesTheKey() throws {
        let sealed = try Keyring([old]).seal(.password("one"), for: place)
        let rewrapped = try Keyring([new, old]).rewrap(sealed, for: place)
        #expect(rewrapped.rootKey == new.id)
        #expect(Array(rewrapped.stored.dropFirst(69)) == Array(sealed.stored.dropFirst(69)))
        #expect(Array(rewrapped.stored[9..<69]) != Array(sealed.stored[9..<69]))
        // The old key is not needed any more, and not enough either.
        #expect(try Keyring([new]).open(rewrapped, for: place)["password"] == Secret("one"))
        #expect(try failure { try Keyring([old]).open(rewrapped, for: place) } == .unknownKey)
    }

    @Test func rewrapUnderTheSameKeyGivesANewEnvelope() throws {
        let keyring = try Keyring([old])
        let sealed = try keyring.seal(.password("one"), for: place)
        let rewrapped = try keyring.rewrap(sealed, for: place)
        #expect(rewrapped != sealed)
        #expect(try keyring.open(rewrapped, for: place)["password"] == Secret("one"))
    }

    @Test func keyringNeedsAKeyAndTakesTheSameOneTwice() throws {
        #expect(try failure { try Keyring([]) } == .invalidRootKey)
        #expect(try Keyring([old, old]).ids == [old.id])
        #expect(try !Keyring([old]).contains(new.id))
    }

    @Test func derivedKeysDifferByPurposeAndByRootKey() throws {
        let keyring = try Keyring([new, old])
        let key = try #require(keyring.derivedKey(for: "a", from: new.id))
        #expect(keyring.derivedKey(for: "a", from: new.id) == key)
        #expect(keyring.derivedKey(for: "b", from: new.id) != key)
        #expect(keyring.derivedKey(for: "a", from: old.id) != key)
        #expect(try Keyring([old]).derivedKey(for: "a", from: new.id) == nil)
    }
}
