import Testing

@testable import Advisories

/// Source: php.net/version_compare.
@Suite struct PackagistOrderTests {
    private let order = PackagistOrder()

    @Test(arguments: [
        ("1.0-foo", "<", "1.0-dev"), ("1.0-dev", "<", "1.0alpha1"), ("1.0a1", "=", "1.0alpha1"),
        ("1.0alpha1", "<", "1.0beta1"), ("1.0b1", "<", "1.0RC1"), ("1.0rc1", "=", "1.0RC1"), ("1.0RC1", "<", "1.0"),
        ("1.0", "<", "1.0pl1"), ("1.0p1", "=", "1.0pl1"),
    ])
    func knownWordsHaveRanks(left: String, sign: String, right: String) {
        #expect(order.sign(left, right) == sign)
        #expect(order.sign(right, left) == turned(sign))
    }

    @Test(arguments: [("v1.0", "=", "1.0"), ("V1.2", ">", "1.0.1")])
    func leadingVDoesNotCount(left: String, sign: String, right: String) {
        #expect(order.sign(left, right) == sign)
        #expect(order.sign(right, left) == turned(sign))
    }

    @Test(arguments: [("1.0.0", ">", "1.0"), ("1.10", ">", "1.9"), ("1.0.0rc2", "=", "1.0.0.rc2")])
    func moreNumbersAreNewer(left: String, sign: String, right: String) {
        #expect(order.sign(left, right) == sign)
        #expect(order.sign(right, left) == turned(sign))
    }
}
