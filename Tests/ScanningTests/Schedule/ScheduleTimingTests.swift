import Foundation
import Storage
import Testing

@testable import Scanning

/// When a schedule looks again. Source: docs/scans.md, "Scan unasked".
@Suite struct ScheduleTimingTests {
    private let due = Date(timeIntervalSince1970: 1_700_000_000)

    private func wait(
        _ rhythm: ScanSchedule.Rhythm,
        _ category: ScanFailure.Category,
        failures: Int,
        pause: TimeInterval? = nil,
        jitter: Double = 0
    ) -> TimeInterval {
        ScheduleTiming(rhythm: rhythm, jitter: jitter)
            .next(after: category, failures: failures, pause: pause, dueAt: due, now: due).timeIntervalSince(due)
    }

    @Test(
        arguments: [
            (.onChange, 0, 900), (.onChange, 1, 990), (.onChange, -1, 810), (.daily, 0, 86_400), (.daily, 1, 87_000),
            (.weekly, -1, 604_200),
        ] as [(ScanSchedule.Rhythm, Double, TimeInterval)]
    )
    func regularWaitIsSpreadALittle(rhythm: ScanSchedule.Rhythm, jitter: Double, seconds: TimeInterval) {
        let next = ScheduleTiming(rhythm: rhythm, jitter: jitter).next(dueAt: due, now: due)
        #expect(next.timeIntervalSince(due) == seconds)
    }

    @Test func dailyScheduleKeepsItsHourAndMakesUpForNothing() {
        let timing = ScheduleTiming(rhythm: .daily, jitter: 0)
        #expect(timing.next(dueAt: due, now: due + 3_600) == due + 86_400)
        #expect(timing.next(dueAt: due, now: due + 30 * 86_400) == due + 31 * 86_400)
    }

    /// A refused secret is not tried hot: an hour, four, sixteen, then once a day.
    @Test func refusalWaitsLonger() {
        let hours = (1...6).map { wait(.onChange, .authentication, failures: $0) / 3_600 }
        #expect(hours == [1, 4, 16, 24, 24, 24])
        #expect(wait(.onChange, .authentication, failures: .max) == 24 * 3_600)
    }

    @Test func troubleOfTheRegistryDoublesTheWaitAndMindsItsPause() {
        #expect((1...4).map { wait(.onChange, .network, failures: $0) } == [300, 600, 1_200, 2_400])
        #expect(wait(.onChange, .network, failures: 60) == 6 * 3_600)
        #expect(wait(.onChange, .api, failures: 1, pause: 7_200) == 7_200)
        #expect(wait(.onChange, .api, failures: 1, pause: 7_200, jitter: -1) == 7_920)
        #expect(wait(.weekly, .network, failures: 1) == 300)
    }
}
