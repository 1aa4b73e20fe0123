import Testing

@testable import Advisories

/// Source: semver.org 2.0.0, section 11.
@Suite struct SemVerOrderTests {
    private let order = SemVerOrder()

    @Test(arguments: [
        ("1.0.0-alpha", "<", "1.0.0"), ("1.0.0-alpha", "<", "1.0.0-alpha.1"),
        ("1.0.0-alpha.1", "<", "1.0.0-alpha.beta"), ("1.0.0-beta.2", "<", "1.0.0-beta.11"),
        ("1.0.0-rc.1", "<", "1.0.0"), ("1.0.0-0", "<", "1.0.0-a"),
    ])
    func prereleaseIsBelowItsRelease(left: String, sign: String, right: String) {
        #expect(order.sign(left, right) == sign)
        #expect(order.sign(right, left) == turned(sign))
    }

    @Test(arguments: [("1.0.0+a", "=", "1.0.0+b"), ("1.0.0-a+1", "=", "1.0.0-a")])
    func buildDoesNotCount(left: String, sign: String, right: String) {
        #expect(order.sign(left, right) == sign)
        #expect(order.sign(right, left) == turned(sign))
    }

    @Test(arguments: [
        ("v1.2.3", "=", "1.2.3"), ("=1.2.3", "=", "1.2.3"), ("1.2", "=", "1.2.0"), ("1.2.3.4", ">", "1.2.3"),
        ("1.2.3beta", "<", "1.2.3"), ("01.2.3", "=", "1.2.3"),
    ])
    func formsThatSemVerForbidsAreRead(left: String, sign: String, right: String) {
        #expect(order.sign(left, right) == sign)
        #expect(order.sign(right, left) == turned(sign))
    }

    @Test(arguments: [
        ("0.0.0-20200101000000-abcdefabcdef", "<", "0.0.0-20210101000000-abcdefabcdef"),
        ("1.2.4-0.20200101000000-abcdefabcdef", "<", "1.2.4"), ("1.2.3+incompatible", "=", "1.2.3"),
    ])
    func goPseudoVersionsArePrereleases(left: String, sign: String, right: String) {
        #expect(order.sign(left, right) == sign)
        #expect(order.sign(right, left) == turned(sign))
    }
}
