public import Foundation
import Registries

/// What time is to the ``ScanWorker``. Tests give their own.
public struct ScanClock: Sendable {
    let now: @Sendable () -> Date
    let sleep: @Sendable (Duration) async throws -> Void

    /// A clock. `sleep` throws when it is cancelled.
    public init(now: @escaping @Sendable () -> Date, sleep: @escaping @Sendable (Duration) async throws -> Void) {
        self.now = now
        self.sleep = sleep
    }

    /// The machine's.
    public static let system = ScanClock(now: { Date() }, sleep: { try await CancellableSleep.sleep(for: $0) })
}
