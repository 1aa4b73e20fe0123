import Foundation
import Registries

/// When a credential is probed again. Pure: the same outcome at the same moment gives the same answer.
struct VerificationSchedule: Sendable {
    /// Seconds between two probes of a credential that works.
    let interval: TimeInterval

    /// Every wait is up to a tenth longer or shorter, so that what was stored together is not probed together for ever.
    static let jitterShare = 0.1
    /// The first wait when the registry could not be asked; doubled each time.
    static let firstRetry: TimeInterval = 5 * 60
    /// The first wait when the secret was refused; four times as long each time. Docker Hub locks an account after some wrong
    /// passwords, and a refused secret rarely gets better by itself.
    static let firstRetryAfterRefusal: TimeInterval = 3600
    /// A refused secret is tried again at least so often.
    static let longestRetryAfterRefusal: TimeInterval = 24 * 3600
    /// How long after its end a secret is probed to see whether it is gone.
    static let afterExpiry: TimeInterval = 60

    init(_ settings: VerificationSettings) {
        let fallback = Duration.seconds(VerificationSettings.defaultIntervalInHours * 3600)
        interval = TimeInterval((settings.interval ?? fallback).components.seconds)
    }

    /// Whether `state` means that the probe did not reach its goal.
    static func isFailure(_ state: Verification.State) -> Bool { state == .rejected || state == .unreachable }

    /// The next probe after one that came to `state` at `now`. `failures` counts those in a row that failed, this one
    /// included; `jitter` is from -1 to 1.
    func next(
        after state: Verification.State,
        failures: Int,
        expiry: Date?,
        now: Date,
        jitter: Double
    ) -> Date {
        let spread = 1 + VerificationSchedule.jitterShare * jitter
        let doublings = Double(min(max(failures - 1, 0), 20))
        let regular = now + interval * spread
        switch state {
        case .unreachable:
            return min(regular, now + VerificationSchedule.firstRetry * pow(2, doublings) * spread)
        case .rejected:
            let wait = VerificationSchedule.firstRetryAfterRefusal * pow(4, doublings)
            return now + min(wait, VerificationSchedule.longestRetryAfterRefusal) * spread
        case .verified, .insufficient, .excessive, .unverified:
            guard let expiry, expiry > now else { return regular }
            return min(regular, expiry + VerificationSchedule.afterExpiry * (1 + jitter.magnitude))
        }
    }
}
