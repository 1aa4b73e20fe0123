import Foundation
import Storage

/// When a schedule looks again. Pure: the same outcome at the same moment gives the same answer.
struct ScheduleTiming: Sendable {
    /// Between two looks for a changed tag, in seconds: `HEAD` costs no pull, and an image that was just pushed is not awaited to the
    /// minute.
    static let changeInterval: TimeInterval = 15 * 60
    /// Every wait is up to a tenth longer or shorter, so that what was made together does not look together for ever.
    static let jitterShare = 0.1
    /// A day's and a week's schedules keep nearly to their hour all the same, in seconds.
    static let longestJitter: TimeInterval = 10 * 60
    /// The first look comes within so many seconds.
    static let firstLook: TimeInterval = 30
    /// The first wait when the registry could not be asked; doubled each time.
    static let firstRetry: TimeInterval = 5 * 60
    static let longestRetry: TimeInterval = 6 * 3_600
    /// The first wait when the credential is gone or refused; four times as long each time. Registries lock an account after some wrong
    /// passwords, and a refused secret rarely gets better by itself.
    static let firstRetryAfterRefusal: TimeInterval = 3_600
    static let longestRetryAfterRefusal: TimeInterval = 24 * 3_600

    let rhythm: ScanSchedule.Rhythm
    /// From -1 to 1.
    let jitter: Double

    /// The regular wait, in seconds.
    var interval: TimeInterval {
        switch rhythm {
        case .onChange: ScheduleTiming.changeInterval
        case .daily: 24 * 3_600
        case .weekly: 7 * 24 * 3_600
        }
    }

    /// After a look that went well. One that was due long ago, because the service stood still, does not make up for what was missed.
    func next(dueAt due: Date, now: Date) -> Date {
        let begin = now.timeIntervalSince(due) < interval / 2 ? due : now
        let spread = min(interval * ScheduleTiming.jitterShare, ScheduleTiming.longestJitter)
        return max(begin + interval + spread * jitter, now + 1)
    }

    /// After the `failures`-th look in a row that did not. `pause` is what the registry asks for, in seconds.
    func next(
        after category: ScanFailure.Category,
        failures: Int,
        pause: TimeInterval?,
        dueAt due: Date,
        now: Date
    ) -> Date {
        let isRefusal = category == .authentication
        let times = Double(min(max(failures - 1, 0), 20))
        let wait =
            isRefusal
            ? min(
                ScheduleTiming.firstRetryAfterRefusal * pow(4, times),
                ScheduleTiming.longestRetryAfterRefusal
            )
            : min(ScheduleTiming.firstRetry * pow(2, times), ScheduleTiming.longestRetry)
        let earliest = now + max(wait, pause ?? 0) * (1 + ScheduleTiming.jitterShare * jitter.magnitude)
        return rhythm == .onChange || isRefusal || pause != nil ? earliest : min(earliest, next(dueAt: due, now: now))
    }
}
