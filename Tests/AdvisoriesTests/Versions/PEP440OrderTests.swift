import Testing

@testable import Advisories

/// Source: PEP 440.
@Suite struct PEP440OrderTests {
    private let order = PEP440Order()

    @Test(arguments: [
        ("1.0.dev1", "<", "1.0a1"), ("1.0a1", "<", "1.0b1"), ("1.0b1", "<", "1.0rc1"), ("1.0rc1", "<", "1.0"),
        ("1.0", "<", "1.0.post1"), ("1.0a1.dev1", "<", "1.0a1"), ("1.0.post1.dev1", "<", "1.0.post1"),
    ])
    func phasesStandAroundTheRelease(left: String, sign: String, right: String) {
        #expect(order.sign(left, right) == sign)
        #expect(order.sign(right, left) == turned(sign))
    }

    @Test(arguments: [
        ("1.0-alpha.1", "=", "1.0a1"), ("1.0c1", "=", "1.0rc1"), ("1.0preview1", "=", "1.0rc1"),
        ("1.0-1", "=", "1.0.post1"), ("1.0rev1", "=", "1.0.post1"), ("v1.0", "=", "1.0"), ("1.0DEV", "=", "1.0.dev0"),
    ])
    func spellingsOfOnePhaseAreEqual(left: String, sign: String, right: String) {
        #expect(order.sign(left, right) == sign)
        #expect(order.sign(right, left) == turned(sign))
    }

    @Test(arguments: [("1", "=", "1.0.0"), ("1.0.1", ">", "1"), ("1.10", ">", "1.9"), ("01.2", "=", "1.2")])
    func releaseIsPaddedWithZeros(left: String, sign: String, right: String) {
        #expect(order.sign(left, right) == sign)
        #expect(order.sign(right, left) == turned(sign))
    }

    @Test(arguments: [("1!0.1", ">", "99"), ("0!1", "=", "1")])
    func epochComesFirst(left: String, sign: String, right: String) {
        #expect(order.sign(left, right) == sign)
        #expect(order.sign(right, left) == turned(sign))
    }

    @Test(arguments: [
        ("1.0+a", ">", "1.0"), ("1.0+1", ">", "1.0+a"), ("1.0+a.1", ">", "1.0+a"), ("1.0+a", "<", "1.0.post1"),
        ("1.0+A_b", "=", "1.0+a.b"),
    ])
    func localPartIsAboveItsPublicVersion(left: String, sign: String, right: String) {
        #expect(order.sign(left, right) == sign)
        #expect(order.sign(right, left) == turned(sign))
    }

    @Test(arguments: [
        ("zebra", "<", "0.0.dev0"), ("1.0-bulbasaur", "<", "0.1"), ("0.1-bulbasaur", "<", "0.1-charmander"),
        ("1.0.final.x", "<", "0"),
    ])
    func refusedVersionsSortFirstByTheOldRule(left: String, sign: String, right: String) {
        #expect(order.sign(left, right) == sign)
        #expect(order.sign(right, left) == turned(sign))
    }
}
