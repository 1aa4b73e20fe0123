import Foundation
import Server
import Testing

@testable import pratique

@Suite struct DoctorRulesTests {
    let now = Date(timeIntervalSince1970: 1_800_000_000)

    private func key(expiresAt: String?) throws -> UserProfile.CurrentKey {
        let id = try #require(ResourceID("0198c0de-0000-7000-8000-000000000001"))
        return .init(
            id: id,
            name: "k",
            expiresAt: expiresAt,
            organizationId: nil,
            permissions: nil,
            projectIds: nil,
            narrowedToProjects: nil
        )
    }

    // Seconds between the clocks, in both directions.
    @Test(arguments: [
        (0.0, DoctorCheck.Verdict.passed), (5, .passed), (-5, .passed), (6, .warning), (-60, .warning), (61, .failed),
        (-4000, .failed),
    ])
    func clocksApartAreReported(seconds: Double, verdict: DoctorCheck.Verdict) {
        #expect(DoctorRules.clock(server: now, here: now.addingTimeInterval(seconds)).verdict == verdict)
    }

    @Test(arguments: [
        (91.0, DoctorCheck.Verdict.passed), (14, .passed), (13.9, .warning), (0.1, .warning), (-0.1, .failed),
    ])
    func keyThatEndsSoonIsReported(days: Double, verdict: DoctorCheck.Verdict) throws {
        let end = now.addingTimeInterval(days * 86_400).formatted(.iso8601)
        #expect(DoctorRules.expiry(of: try key(expiresAt: end), now: now).verdict == verdict)
    }

    @Test func keyThatNeverEndsIsWorthALook() throws {
        #expect(DoctorRules.expiry(of: try key(expiresAt: nil), now: now).verdict == .warning)
    }

    @Test(
        arguments: [
            ("pratique/\(Release.version)", DoctorCheck.Verdict.passed), ("pratique/0.0.1", .warning),
            ("nginx", .warning),
            (nil, .warning),
        ] as [(String?, DoctorCheck.Verdict)]
    )
    func versionsAreCompared(header: String?, verdict: DoctorCheck.Verdict) {
        #expect(DoctorRules.version(serverHeader: header).verdict == verdict)
    }

    @Test func timesOfHeadersAndBodiesAreRead() {
        #expect(Timestamp.date(header: "Fri, 15 Jan 2027 08:00:00 GMT") == now)
        #expect(Timestamp.date("2027-01-15T08:00:00Z") == now)
        #expect(Timestamp.date("2027-01-15T08:00:00.000Z") == now)
        #expect(Timestamp.date("tomorrow") == nil)
    }

    @Test func troubleIsPrintedWithItsFix() {
        let check = DoctorCheck("key", .failed, "it\u{1B} expired", fix: "make another")
        #expect(check.lines == "✗ key: it expired\n    fix: make another\n")
        #expect(DoctorCheck("key", .passed, "fine", fix: "none").lines == "✓ key: fine\n")
    }
}
