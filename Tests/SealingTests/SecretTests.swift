import Sealing
import Testing

@Suite struct SecretTests {
    @Test(arguments: [("", "", true), ("a", "a", true), ("a", "b", false), ("a", "aa", false), ("", "a", false)])
    func secretsAreEqualWhenTheirBytesAre(left: String, right: String, equal: Bool) {
        #expect((Secret(left) == Secret(right)) == equal)
        #expect(constantTimeEqual(Array(left.utf8), Array(right.utf8)) == equal)
    }

    @Test func everyByteCountsInAComparison() {
        let bytes = [UInt8](repeating: 7, count: 64)
        for index in bytes.indices {
            var other = bytes
            other[index] ^= 1
            #expect(Secret(bytes) != Secret(other))
        }
    }

    @Test func secretLendsTheBytesThatItWasMadeOf() {
        #expect(Secret("héllo").withBytes { Array($0) } == Array("héllo".utf8))
        #expect(Secret([1, 2, 3]).count == 3)
        #expect(Secret([]).count == 0)
        #expect(Secret(count: 4) { $0[2] = 9 }.withBytes { Array($0) } == [0, 0, 9, 0])
    }

    @Test func secretOutlivesTheArrayThatItWasMadeOf() {
        var bytes: [UInt8] = [1, 2, 3]
        let secret = Secret(bytes)
        bytes[0] = 9
        #expect(secret == Secret([1, 2, 3]))
    }

    @Test func randomSecretsDiffer() {
        #expect(Secret.random(count: 32) != Secret.random(count: 32))
        #expect(Secret.random(count: 32).count == 32)
    }
}
