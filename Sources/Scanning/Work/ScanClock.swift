public import Foundation
import Registries

/// What time is to the ``ScanWorker`` and to those who follow its scans. Tests give their own.
public struct ScanClock: Sendable {
    /// The moment that it shows.
    public let now: @Sendable () -> Date
    /// Waits; throws when it is cancelled.
    public let sleep: @Sendable (Duration) async throws -> Void
    /// A random number from -1 to 1, so that what was begun together does not stay together.
    public let jitter: @Sendable () -> Double

    /// A clock. `sleep` throws when it is cancelled; `jitter` gives numbers from -1 to 1.
    public init(
        now: @escaping @Sendable () -> Date,
        sleep: @escaping @Sendable (Duration) async throws -> Void,
        jitter: @escaping @Sendable () -> Double = { Double.random(in: -1...1) }
    ) {
        self.now = now
        self.sleep = sleep
        self.jitter = jitter
    }

    /// The machine's.
    public static let system = ScanClock(now: { Date() }, sleep: { try await CancellableSleep.sleep(for: $0) })
}
