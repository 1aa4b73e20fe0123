import Testing

@testable import Advisories

/// Source: rpm-version(7).
@Suite struct RpmOrderTests {
    private let order = RpmOrder()

    @Test(arguments: [("1.1", ">", "1.a"), ("1.0.1", ">", "1.0a"), ("1.a", "<", "1.b")])
    func numbersBeatLetters(left: String, sign: String, right: String) {
        #expect(order.sign(left, right) == sign)
        #expect(order.sign(right, left) == turned(sign))
    }

    @Test(arguments: [
        ("1.0~rc1", "<", "1.0"), ("1.0^git1", ">", "1.0"), ("1.0^git1", "<", "1.0.1"), ("1.0~rc1^git1", ">", "1.0~rc1"),
        ("1.0^git1~pre", "<", "1.0^git1"),
    ])
    func tildeLowersAndCaretRaisesOverTheBareVersionOnly(left: String, sign: String, right: String) {
        #expect(order.sign(left, right) == sign)
        #expect(order.sign(right, left) == turned(sign))
    }

    @Test(arguments: [("1.0_1", "=", "1.0.1"), ("1+0", "=", "1.0"), ("1..", "=", "1"), ("1.α", "=", "1.β")])
    func otherCharactersOnlySeparate(left: String, sign: String, right: String) {
        #expect(order.sign(left, right) == sign)
        #expect(order.sign(right, left) == turned(sign))
    }

    @Test(arguments: [("0:1-1", "=", "1-1"), ("1:1-1", ">", "2-1"), ("01:1", "=", "1:1"), ("3", "<", "1:2")])
    func missingEpochIsZero(left: String, sign: String, right: String) {
        #expect(order.sign(left, right) == sign)
        #expect(order.sign(right, left) == turned(sign))
    }

    @Test(arguments: [
        ("1-2.el9", ">", "1-1.el9"), ("1-1.el9_4.5", ">", "1-1.el9"), ("1", "<", "1-1"), ("1-", "<", "1-1"),
    ])
    func releaseDecidesLast(left: String, sign: String, right: String) {
        #expect(order.sign(left, right) == sign)
        #expect(order.sign(right, left) == turned(sign))
    }

    @Test(arguments: [("1.01", "=", "1.1"), ("001", "=", "1")])
    func zerosInFrontDoNotCount(left: String, sign: String, right: String) {
        #expect(order.sign(left, right) == sign)
        #expect(order.sign(right, left) == turned(sign))
    }
}
