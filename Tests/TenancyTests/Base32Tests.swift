import Testing

@testable import Tenancy

/// Base32 in lowercase without padding. Source: RFC 4648, section 6 and the vectors of section 10.
@Suite struct Base32Tests {
    @Test(arguments: [
        ("", ""), ("f", "my"), ("fo", "mzxq"), ("foo", "mzxw6"), ("foob", "mzxw6yq"), ("fooba", "mzxw6ytb"),
        ("foobar", "mzxw6ytboi"),
    ])
    func vectorsOfTheRFC(text: String, encoded: String) {
        #expect(Base32.encode(Array(text.utf8)) == encoded)
        #expect(Base32.decode(encoded.utf8, count: text.utf8.count) == Array(text.utf8))
    }

    @Test(arguments: 0...70)
    func randomBytesComeBack(count: Int) {
        for _ in 0..<20 {
            let bytes = (0..<count).map { _ in UInt8.random(in: .min ... .max) }
            let encoded = Base32.encode(bytes)
            #expect(encoded.utf8.count == (count * 8 + 4) / 5)
            #expect(Base32.decode(encoded.utf8, count: count) == bytes)
        }
    }

    // Upper case, padding, characters outside the alphabet, wrong lengths.
    @Test(arguments: [
        ("MZXW6", 3), ("mzxw6===", 3), ("mzxw1", 3), ("mzxw8", 3), ("mzxw ", 3), ("mzxw", 3), ("mzxw66", 3), ("", 1),
        ("m", 0), ("mzxwé", 3),
    ])
    func otherTextIsRefused(text: String, count: Int) {
        #expect(Base32.decode(text.utf8, count: count) == nil)
    }

    /// Bits that no byte needs must be zero, so that every text stands for one value and the other way round.
    @Test func everyValueHasOneEncoding() {
        for count in [1, 2, 3, 4] {
            let encoded = Array(Base32.encode([UInt8](repeating: 0, count: count)).utf8)
            let accepted = "abcdefghijklmnopqrstuvwxyz234567".utf8.filter { last in
                Base32.decode(encoded.dropLast() + [last], count: count) != nil
            }
            #expect(accepted.count == 1 << (5 - (encoded.count * 5 - count * 8)))
        }
    }
}
