import Sealing
import Testing

/// A nonce that comes twice under one key breaks GCM. Source: NIST SP 800-38D, section 8.
@Suite struct NonceTests {
    @Test func noncesAndDataKeysNeverRepeatOverTenThousandSeals() throws {
        let keyring = try Keyring([.random()])
        let place = try SealingContext.place()
        let bundle = SecretBundle.password("the same every time")
        var wrappingNonces: Set<ArraySlice<UInt8>> = []
        var wrappedKeys: Set<ArraySlice<UInt8>> = []
        var secretNonces: Set<ArraySlice<UInt8>> = []
        var ciphertexts: Set<ArraySlice<UInt8>> = []
        let count = 10_000
        for _ in 0..<count {
            let stored = try keyring.seal(bundle, for: place).stored
            wrappingNonces.insert(stored[9..<21])
            wrappedKeys.insert(stored[21..<69])
            secretNonces.insert(stored[69..<81])
            ciphertexts.insert(stored[81...])
        }
        #expect(wrappingNonces.count == count)
        #expect(wrappedKeys.count == count)
        #expect(secretNonces.count == count)
        #expect(ciphertexts.count == count)
        #expect(wrappingNonces.isDisjoint(with: secretNonces))
    }
}
