import Testing

@testable import Advisories

/// Source: deb-version(7).
@Suite struct DpkgOrderTests {
    private let order = DpkgOrder()

    @Test(arguments: [
        ("1.0~rc1", "<", "1.0"), ("1.0~~", "<", "1.0~"), ("1.0~", "<", "1.0"), ("1.0-1~deb12u1", "<", "1.0-1"),
    ])
    func tildeIsBelowTheEnd(left: String, sign: String, right: String) {
        #expect(order.sign(left, right) == sign)
        #expect(order.sign(right, left) == turned(sign))
    }

    @Test(arguments: [("0:1.0", "=", "1.0"), ("1.0-0", "=", "1.0"), ("1:0.1", ">", "9.9"), ("1.0", "<", "1.0-1")])
    func missingEpochIsZeroAndMissingRevisionEqualsZero(left: String, sign: String, right: String) {
        #expect(order.sign(left, right) == sign)
        #expect(order.sign(right, left) == turned(sign))
    }

    @Test(arguments: [("1.0a", "<", "1.0+"), ("1.0+dfsg", ">", "1.0"), ("1.0.1", ">", "1.0+b"), ("1.0a", ">", "1.0")])
    func lettersAreBelowOtherCharacters(left: String, sign: String, right: String) {
        #expect(order.sign(left, right) == sign)
        #expect(order.sign(right, left) == turned(sign))
    }

    @Test(arguments: [("1.10", ">", "1.9"), ("1.010", "=", "1.10"), ("2.36-9+deb12u4", "<", "2.36-9+deb12u13")])
    func digitsCompareAsNumbersWithoutLeadingZeros(left: String, sign: String, right: String) {
        #expect(order.sign(left, right) == sign)
        #expect(order.sign(right, left) == turned(sign))
    }

    @Test(arguments: [("1-2-3", ">", "1-2-2"), ("1.0-1-1", ">", "1.0-1")])
    func revisionFollowsTheLastDash(left: String, sign: String, right: String) {
        #expect(order.sign(left, right) == sign)
        #expect(order.sign(right, left) == turned(sign))
    }

    @Test(arguments: [("a:1", "<", "b:1")])
    func colonThatFollowsNoNumberIsPartOfTheVersion(left: String, sign: String, right: String) {
        #expect(order.sign(left, right) == sign)
        #expect(order.sign(right, left) == turned(sign))
    }
}
