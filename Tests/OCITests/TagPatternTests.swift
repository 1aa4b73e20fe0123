import OCI
import Testing

/// Patterns of tags. Source: OCI distribution specification 1.1, the grammar of tags, with `*`.
@Suite struct TagPatternTests {
    @Test(
        arguments: [
            ("1.4", ["1.4"], ["1.40", "v1.4", ""]), ("*", ["latest", "a", ""], []),
            ("v1.*", ["v1.", "v1.4", "v1.4.2"], ["v1", "v2.1", "av1.4"]),
            ("*-slim", ["12-slim", "-slim"], ["slim", "x-slim2"]),
            ("v*-rc*", ["v1-rc", "v-rc-rc", "v1-rc2"], ["v1-r", "rc"]),
            ("a*b*a", ["aba", "abba", "axbya"], ["ab", "aa"]),
            ("**", ["", "x"], []),
        ] as [(String, [String], [String])]
    )
    func starStandsForAnyCharacters(pattern: String, fitting: [String], others: [String]) throws {
        let pattern = try TagPattern(pattern)
        #expect(fitting.filter { !pattern.matches($0) } == [])
        #expect(others.filter { pattern.matches($0) } == [])
        #expect(pattern.isExact == !pattern.description.contains("*"))
    }

    @Test(arguments: [
        "", ".a", "-a", "a b", "a/b", "a:b", "a@b", "ä", "[a]", "a?", "*****", String(repeating: "a", count: 129),
    ])
    func whatIsNoTagIsNoPattern(text: String) {
        #expect(throws: TagPattern.ValidationError.self) { try TagPattern(text) }
    }

    /// A pattern that nearly fits everywhere costs the product of the lengths and no more.
    @Test func worstPatternEnds() throws {
        let pattern = try TagPattern("*a*a*a*" + String(repeating: "a", count: 120) + "b")
        #expect(!pattern.matches(String(repeating: "a", count: 20_000)))
    }
}
