import Testing

@testable import Advisories

/// Source: apk-tools, test/unit/version.data.
@Suite struct ApkOrderTests {
    private let order = ApkOrder()

    @Test(arguments: [
        ("1_alpha", "<", "1_beta"), ("1_beta", "<", "1_pre"), ("1_pre", "<", "1_rc"), ("1_rc1", "<", "1"),
        ("1", "<", "1_cvs"), ("1_cvs", "<", "1_svn"), ("1_svn", "<", "1_git"), ("1_git", "<", "1_hg"),
        ("1_hg", "<", "1_p"), ("1_p9", "<", "1_p10"), ("0.1.0_alpha_pre2", "<", "0.1.0_alpha"),
    ])
    func suffixesStandAroundTheRelease(left: String, sign: String, right: String) {
        #expect(order.sign(left, right) == sign)
        #expect(order.sign(right, left) == turned(sign))
    }

    @Test(arguments: [
        ("1.02", "<", "1.1"), ("1.06", "<", "1.5"), ("1.09", "<", "1.1"), ("0.06", ">", "0.01"), ("06", "=", "6"),
    ])
    func leadingZeroInALaterComponentComparesAsText(left: String, sign: String, right: String) {
        #expect(order.sign(left, right) == sign)
        #expect(order.sign(right, left) == turned(sign))
    }

    @Test(arguments: [("1.2.3-r1", "<", "1.2.3-r10"), ("1.2.3", "<", "1.2.3-r0"), ("1.2.3-r9", "<", "1.2.4")])
    func revisionDecidesLast(left: String, sign: String, right: String) {
        #expect(order.sign(left, right) == sign)
        #expect(order.sign(right, left) == turned(sign))
    }

    @Test(arguments: [
        ("1.7", "<", "1.7b"), ("1.7a", "<", "1.7b"), ("1.7b", "<", "1.8"), ("6.6.2p1-r0", "<", "6.6.2p2-r0"),
    ])
    func letterFollowsTheNumbers(left: String, sign: String, right: String) {
        #expect(order.sign(left, right) == sign)
        #expect(order.sign(right, left) == turned(sign))
    }

    @Test(arguments: [("1.0~ab", "<", "1.0~b"), ("1.0", "<", "1.0~ab")])
    func hashComparesAsText(left: String, sign: String, right: String) {
        #expect(order.sign(left, right) == sign)
        #expect(order.sign(right, left) == turned(sign))
    }

    @Test(arguments: ["", "a", "1..2", "1.2bc", "1.2-1", "1.2-r", "1_foo", "1.2 3", "<end-of-life>", "1.2~xyz"])
    func versionOutsideTheGrammarIsNotAccepted(version: String) {
        #expect(!order.accepts(Array(version.utf8)[...]))
    }

    @Test(arguments: ["0", "1.2.3", "1.2.3a_rc1_p2~abc-r4", "20200101", "6.6.2p1-r0"])
    func versionOfTheGrammarIsAccepted(version: String) {
        #expect(order.accepts(Array(version.utf8)[...]))
    }
}
