import Registries
import Testing

/// Twice 10,000 texts. Nothing that a client sends makes the readers trap, and what they accept they accept again unchanged.
@Suite struct InputFuzzTests {
    private static let rounds = 10_000

    /// Random bytes would hardly ever come past the first check, so half of the texts are pieces of addresses.
    private func text(_ generator: inout SeededGenerator) -> String {
        let length = Int.random(in: 0..<48, using: &generator)
        if Bool.random(using: &generator) {
            let bytes = (0..<length).map { _ in UInt8.random(in: .min ... .max, using: &generator) }
            return String(decoding: bytes, as: UTF8.self)
        }
        return (0..<length / 5).map { _ in InputFuzzTests.pieces.randomElement(using: &generator) ?? "" }.joined()
    }

    private static let pieces = [
        "https", "http", ":", "//", "/", "[", "]", "::1", "host", ".", "-", "_", "0x7f", "127", "1", "443", "@", "?",
        "#",
        "\\", "%", "é", "\u{0}", " ", "example", "com", "65536", "A", "xn--", "\r\n", "\u{301}", "👨‍👩‍👧",
    ]

    @Test(arguments: [1, 2] as [UInt64])
    func acceptedAddressesReadBackAsThemselves(seed: UInt64) {
        var generator = SeededGenerator(state: seed)
        let hosts: Set<String> = ["host", "example:443"]
        var accepted = 0
        var wrong: [String] = []
        for _ in 0..<InputFuzzTests.rounds {
            let text = text(&generator)
            guard let url = try? RegistryURL(text, plainHTTPHosts: hosts) else { continue }
            accepted += 1
            let again = try? RegistryURL(url.description, plainHTTPHosts: hosts)
            let isSame = again?.description == url.description && again?.host == url.host && again?.notes == []
            let isPlain = url.description.utf8.allSatisfy { $0 > 32 && $0 < 127 && !"@?#\\ABCXYZ".utf8.contains($0) }
            if !isSame || !isPlain { wrong.append(text) }
        }
        #expect(wrong == [])
        #expect(accepted > 100)
    }

    @Test(arguments: [1, 2] as [UInt64])
    func acceptedTextsReadBackAsThemselves(seed: UInt64) {
        var generator = SeededGenerator(state: seed)
        var accepted = 0
        var wrong: [String] = []
        for _ in 0..<InputFuzzTests.rounds {
            let value = FieldValue.string(text(&generator))
            _ = try? FieldRules.secret(value, field: "f")
            guard let text = try? FieldRules.text(value, field: "f", limit: 30) else { continue }
            accepted += 1
            let isSame = (try? FieldRules.text(.string(text), field: "f", limit: 30)) == text
            let isOneLine = !text.utf8.contains { $0 == 0 || $0 == 10 || $0 == 13 }
            if !isSame || !isOneLine || !(1...30).contains(text.unicodeScalars.count) { wrong.append(text) }
        }
        #expect(wrong == [])
        #expect(accepted > 100)
    }
}

/// SplitMix64, so that a failure can be run again.
private struct SeededGenerator: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}
