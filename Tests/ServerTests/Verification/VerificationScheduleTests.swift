import Foundation
import Registries
import Testing

@testable import Server

/// When a credential is probed again. The rules are those of docs/verification.md.
@Suite struct VerificationScheduleTests {
    private static let hour = 3600.0
    private static let now = Date(timeIntervalSince1970: 1_800_000_000)

    private func wait(
        _ state: Verification.State,
        failures: Int = 1,
        expiresIn: Double? = nil,
        jitter: Double = 0,
        hours: Int = 24
    ) -> Double {
        var settings = VerificationSettings()
        settings.interval = .seconds(hours * 3600)
        let next = VerificationSchedule(settings).next(
            after: state,
            failures: failures,
            expiry: expiresIn.map { Self.now + $0 },
            now: Self.now,
            jitter: jitter
        )
        return next.timeIntervalSince(Self.now)
    }

    @Test(arguments: [Verification.State.verified, .insufficient, .excessive, .unverified])
    func whatWorksIsProbedOnceADay(state: Verification.State) {
        #expect(wait(state) == 24 * Self.hour)
        #expect(wait(state, hours: 6) == 6 * Self.hour)
        #expect(abs(wait(state, jitter: 1) - 26.4 * Self.hour) < 1)
        #expect(abs(wait(state, jitter: -1) - 21.6 * Self.hour) < 1)
    }

    /// 5, 10, 20, 40 minutes …, and never later than what works.
    @Test(arguments: [(1, 300.0), (2, 600), (3, 1200), (4, 2400), (9, 76_800), (10, 86_400), (1_000_000, 86_400)])
    func whatIsUnreachableIsTriedSoonAndThenLessOften(failures: Int, seconds: Double) {
        #expect(wait(.unreachable, failures: failures) == seconds)
    }

    /// 1, 4, 16 hours, then once a day: a registry may lock an account after a few wrong passwords.
    @Test(arguments: [(1, 1.0), (2, 4), (3, 16), (4, 24), (5, 24), (1_000_000, 24)])
    func whatWasRefusedIsNeverTriedInABurst(failures: Int, hours: Double) {
        #expect(wait(.rejected, failures: failures) == hours * Self.hour)
        #expect(wait(.rejected, failures: failures, hours: 1) >= Self.hour, "not even with a short interval")
    }

    @Test func aSecretIsProbedRightAfterItsEnd() {
        #expect(wait(.verified, expiresIn: 3 * Self.hour) == 3 * Self.hour + 60)
        #expect(wait(.verified, expiresIn: 3 * Self.hour, jitter: -1) == 3 * Self.hour + 120)
        #expect(wait(.verified, expiresIn: 48 * Self.hour) == 24 * Self.hour, "a later end changes nothing")
        #expect(wait(.verified, expiresIn: -5) == 24 * Self.hour, "nor does one that is past")
    }

    @Test func withoutAnIntervalTheNextProbeIsAsFarAsByDefault() {
        var settings = VerificationSettings()
        settings.interval = nil
        #expect(VerificationSchedule(settings).interval == 24 * Self.hour)
    }

    @Test(arguments: [
        ("verify-interval-hours", ["-1", "x", "8761", "1.5"]), ("verify-concurrency", ["0", "257", "many"]),
        ("excess-privilege", ["maybe", "WARN"]),
    ])
    func aWrongSettingIsNamed(key: String, values: [String]) {
        for value in values {
            let error = #expect(throws: SettingsError.self) {
                try VerificationSettings(
                    intervalInHours: key == "verify-interval-hours" ? value : nil,
                    concurrency: key == "verify-concurrency" ? value : nil,
                    excessPrivilege: key == "excess-privilege" ? value : nil
                )
            }
            #expect(error?.setting == key)
        }
    }

    @Test func settingsHaveTheirDefaults() throws {
        let settings = try VerificationSettings(intervalInHours: nil, concurrency: nil, excessPrivilege: nil)
        #expect(settings.interval == .seconds(86_400) && settings.concurrency == 16)
        #expect(settings.excessPrivilege == .warn)
        #expect(try VerificationSettings(intervalInHours: "0", concurrency: nil, excessPrivilege: nil).interval == nil)
    }
}
