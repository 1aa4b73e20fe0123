import Testing

@testable import Advisories

/// Source: learn.microsoft.com/nuget/concepts/package-versioning.
@Suite struct NuGetOrderTests {
    private let order = NuGetOrder()

    @Test(arguments: [("1.0.0.1", ">", "1.0.0"), ("1.0", "=", "1.0.0.0"), ("1.0.0", "<", "1.0.0.1-alpha")])
    func fourthNumberCounts(left: String, sign: String, right: String) {
        #expect(order.sign(left, right) == sign)
        #expect(order.sign(right, left) == turned(sign))
    }

    @Test(arguments: [
        ("1.0.0-BETA", "=", "1.0.0-beta"), ("1.0.0-Alpha", "<", "1.0.0-beta"), ("1.0.0-beta.2", "<", "1.0.0-BETA.11"),
    ])
    func prereleaseComparesWithoutCase(left: String, sign: String, right: String) {
        #expect(order.sign(left, right) == sign)
        #expect(order.sign(right, left) == turned(sign))
    }

    @Test(arguments: [("1.0.0+a", "=", "1.0.0")])
    func buildDoesNotCount(left: String, sign: String, right: String) {
        #expect(order.sign(left, right) == sign)
        #expect(order.sign(right, left) == turned(sign))
    }
}
