import Testing

@testable import Advisories

/// Source: the documentation of Gem::Version.
@Suite struct RubyGemsOrderTests {
    private let order = RubyGemsOrder()

    @Test(arguments: [
        ("1.0.a", "<", "1.0"), ("1.0.b1", ">", "1.0.a2"), ("1.0.rc1", "<", "1.0"), ("5.a", "<", "5.0.0.rc2"),
    ])
    func lettersAreBelowNumbers(left: String, sign: String, right: String) {
        #expect(order.sign(left, right) == sign)
        #expect(order.sign(right, left) == turned(sign))
    }

    @Test(arguments: [("1.0", "=", "1"), ("1.0.0.a", "=", "1.a"), ("1.a.0", "=", "1.a"), ("1.0.1", ">", "1")])
    func zerosAtTheEndOfEitherHalfAreDropped(left: String, sign: String, right: String) {
        #expect(order.sign(left, right) == sign)
        #expect(order.sign(right, left) == turned(sign))
    }

    @Test(arguments: [("1.0-1", "<", "1.0"), ("1.0-x", "=", "1.0.pre.x")])
    func dashStartsAPrerelease(left: String, sign: String, right: String) {
        #expect(order.sign(left, right) == sign)
        #expect(order.sign(right, left) == turned(sign))
    }

    @Test(arguments: [("1.0.a2", "=", "1.0.a.2"), ("1.0.a10", ">", "1.0.a9")])
    func runsAreSplitWithoutADot(left: String, sign: String, right: String) {
        #expect(order.sign(left, right) == sign)
        #expect(order.sign(right, left) == turned(sign))
    }
}
