import Sealing
import Testing

/// The promises of the stored form. Source: docs of ``SealedSecret`` and ``Keyring``; product.md, promise 1.
@Suite struct EnvelopeTests {
    private let keyring: Keyring
    private let place: SealingContext
    private let sealed: SealedSecret

    init() throws {
        keyring = try Keyring([.random()])
        place = try .place()
        sealed = try keyring.seal(.password("correct horse"), for: place)
    }

    @Test func sealedSecretOpensWhereItWasSealed() throws {
        let stored = try SealedSecret(stored: sealed.stored)
        #expect(stored == sealed)
        #expect(try keyring.open(stored, for: place)["password"] == Secret("correct horse"))
        #expect(try keyring.open(stored, for: place)["other"] == nil)
    }

    /// Byte 0 is the format version, 1 to 8 the key's id, and all the rest is authenticated.
    @Test func sealedSecretWithAnyByteChangedDoesNotOpen() throws {
        for index in sealed.stored.indices {
            for mask: UInt8 in [0x01, 0x80, 0xFF] {
                var bytes = sealed.stored
                bytes[index] ^= mask
                let expected: SealingError.Code =
                    switch index {
                    case 0: .damagedEnvelope
                    case 1..<9: .unknownKey
                    default: .doesNotOpen
                    }
                let code = try failure { try keyring.open(SealedSecret(stored: bytes), for: place) }
                #expect(code == expected, "byte \(index) changed by \(mask)")
            }
        }
    }

    @Test func sealedSecretCutShortOrLengthenedDoesNotOpen() throws {
        for length in 0..<sealed.stored.count {
            let bytes = Array(sealed.stored.prefix(length))
            // Below the size of an empty secret the form itself is wrong; above, the tag is.
            let expected: SealingError.Code = length < 9 + 60 + 28 ? .damagedEnvelope : .doesNotOpen
            let code = try failure { try keyring.open(SealedSecret(stored: bytes), for: place) }
            #expect(code == expected, "\(length) bytes")
        }
        let longer = try SealedSecret(stored: sealed.stored + [0])
        #expect(try failure { try keyring.open(longer, for: place) } == .doesNotOpen)
    }

    @Test func partsOfTwoSealedSecretsDoNotOpenTogether() throws {
        let other = try keyring.seal(.password("battery staple"), for: place)
        let mixed = Array(sealed.stored.prefix(69) + other.stored.dropFirst(69))
        #expect(try failure { try keyring.open(SealedSecret(stored: mixed), for: place) } == .doesNotOpen)
    }

    // The places differ from the original in one thing each. The kinds "har" + "bor" catch an encoding of the context without
    // lengths, and a swap of the two ids one without an order.
    @Test(arguments: [
        (
            "another organization", "01890a5d-ac96-774b-bcce-b302099a8059", "01890a5d-ac96-774b-bcce-b302099a8058",
            "harbor", 7
        ),
        (
            "another credential", "01890a5d-ac96-774b-bcce-b302099a8057", "01890a5d-ac96-774b-bcce-b302099a8059",
            "harbor", 7
        ),
        (
            "the ids swapped", "01890a5d-ac96-774b-bcce-b302099a8058", "01890a5d-ac96-774b-bcce-b302099a8057", "harbor",
            7
        ),
        ("another kind", "01890a5d-ac96-774b-bcce-b302099a8057", "01890a5d-ac96-774b-bcce-b302099a8058", "oci", 7),
        ("a shorter kind", "01890a5d-ac96-774b-bcce-b302099a8057", "01890a5d-ac96-774b-bcce-b302099a8058", "har", 7),
        ("no kind", "01890a5d-ac96-774b-bcce-b302099a8057", "01890a5d-ac96-774b-bcce-b302099a8058", "", 7),
        (
            "a later version", "01890a5d-ac96-774b-bcce-b302099a8057", "01890a5d-ac96-774b-bcce-b302099a8058", "harbor",
            8
        ),
        (
            "an earlier version", "01890a5d-ac96-774b-bcce-b302099a8057", "01890a5d-ac96-774b-bcce-b302099a8058",
            "harbor", 6
        ),
    ])
    func sealedSecretCannotBeMoved(
        to name: String,
        organization: String,
        credential: String,
        kind: String,
        version: Int
    ) throws {
        let other = try SealingContext.place(
            organization: organization,
            credential: credential,
            kind: kind,
            version: Int64(version)
        )
        #expect(try failure { try keyring.open(sealed, for: other) } == .doesNotOpen)
        #expect(try failure { try keyring.rewrap(sealed, for: other) } == .doesNotOpen)
    }

    @Test func sealedSecretDoesNotOpenWithAnotherKeyring() throws {
        let other = try Keyring([.random()])
        #expect(try failure { try other.open(sealed, for: place) } == .unknownKey)
        #expect(try failure { try other.rewrap(sealed, for: place) } == .unknownKey)
    }

    /// The id of the key stands in the clear, so it is also authenticated: a wrapped key cannot be passed off as another's.
    @Test func keyIdOfAnEnvelopeCannotBeExchanged() throws {
        let second = try RootKey.random()
        let first = try RootKey.random()
        let both = try Keyring([first, second])
        var bytes = try both.seal(.password("x"), for: place).stored
        bytes.replaceSubrange(1..<9, with: try Keyring([second]).seal(.password("y"), for: place).stored[1..<9])
        #expect(try failure { try both.open(SealedSecret(stored: bytes), for: place) } == .doesNotOpen)
    }
}
