import Testing

@testable import Advisories

/// Source: maven.apache.org/pom.html, "Version Order Specification".
@Suite struct MavenOrderTests {
    private let order = MavenOrder()

    @Test(arguments: [
        ("1-alpha", "<", "1-beta"), ("1-beta", "<", "1-milestone"), ("1-milestone", "<", "1-rc"),
        ("1-rc", "<", "1-snapshot"), ("1-snapshot", "<", "1"), ("1", "<", "1-sp"), ("1-sp", "<", "1-other"),
        ("1-cr", "=", "1-rc"), ("1-ga", "=", "1"), ("1.Final", "=", "1"), ("1-RELEASE", "=", "1"),
    ])
    func knownWordsHaveRanks(left: String, sign: String, right: String) {
        #expect(order.sign(left, right) == sign)
        #expect(order.sign(right, left) == turned(sign))
    }

    @Test(arguments: [
        ("1a1", "=", "1-alpha-1"), ("1b2", "=", "1-beta-2"), ("1m3", "=", "1-milestone-3"), ("1a", ">", "1a1"),
        ("1a", "=", "1-a"),
    ])
    func shortWordsCountBeforeANumberOnly(left: String, sign: String, right: String) {
        #expect(order.sign(left, right) == sign)
        #expect(order.sign(right, left) == turned(sign))
    }

    @Test(arguments: [
        ("1.0.0", "=", "1"), ("1.", "=", "1"), ("1-", "=", "1"), ("1.0.0-foo.0.0", "=", "1-foo"),
        ("1-1.foo-bar1baz-.1", "=", "1-1.foo-bar-1-baz-0.1"),
    ])
    func zerosAndEmptyWordsAtTheEndAreDropped(left: String, sign: String, right: String) {
        #expect(order.sign(left, right) == sign)
        #expect(order.sign(right, left) == turned(sign))
    }

    @Test(arguments: [("1-1", "<", "1.1"), ("1-1", ">", "1"), ("1-abc", "<", "1-1"), ("1.abc", "<", "1.1")])
    func numberAfterADotIsAboveOneAfterADash(left: String, sign: String, right: String) {
        #expect(order.sign(left, right) == sign)
        #expect(order.sign(right, left) == turned(sign))
    }

    @Test(arguments: [("5.0.0.SP1", ">", "5.0.0.Final"), ("4.1.0.Beta4", "<", "4.1.0.Final")])
    func servicePackAfterADotIsAboveItsRelease(left: String, sign: String, right: String) {
        #expect(order.sign(left, right) == sign)
        #expect(order.sign(right, left) == turned(sign))
    }
}
