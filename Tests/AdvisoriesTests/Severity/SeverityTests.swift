import Testing

@testable import Advisories

/// Facts, section 1, "Severity".
@Suite struct SeverityTests {
    @Test(arguments: [
        (0, Severity.negligible), (0.1, .low), (3.9, .low), (4, .medium), (6.9, .medium), (7, .high), (8.9, .high),
        (9, .critical), (10, .critical),
    ])
    func bandsOfVersions3And4(score: Double, severity: Severity) {
        #expect(Severity(score: score) == severity)
    }

    @Test(arguments: [(0, Severity.low), (3.9, .low), (4, .medium), (6.9, .medium), (7, .high), (10, .high)])
    func bandsOfVersion2HaveNoCritical(score: Double, severity: Severity) {
        #expect(Severity(version2Score: score) == severity)
    }

    @Test(arguments: [
        ("LOW", Severity.low), ("MODERATE", .medium), ("HIGH", .high), ("CRITICAL", .critical), ("Medium", .medium),
        ("Important", .high), ("negligible", .negligible), ("unimportant", .negligible), ("critical", .critical),
    ])
    func wordOfAnySource(word: String, severity: Severity) {
        #expect(Severity(word: word) == severity)
    }

    @Test(arguments: ["not yet assigned", "end-of-life", "Unknown", "", "7.5"])
    func wordThatSaysNothingIsNil(word: String) {
        #expect(Severity(word: word) == nil)
    }

    @Test func titlePrefixOfRedHatsFamilyCounts() {
        #expect(Severity(title: "Important: bcel security update") == .high)
        #expect(Severity(title: "Moderate: go-toolset:rhel8 security update") == .medium)
        #expect(Severity(title: "Red Hat Security Advisory: git-lfs security update") == nil)
        #expect(Severity(title: "nginx - security update") == nil)
    }

    @Test func severitiesAreOrdered() {
        #expect(Severity.allCases.sorted() == [.unknown, .negligible, .low, .medium, .high, .critical])
    }
}
