public import Foundation

/// Time and chance as the outbound client sees them, so that a test can own both.
public struct OutboundTime: Sendable {
    /// Time since some fixed moment; it never goes back.
    public var now: @Sendable () -> Duration
    /// The calendar's time, for dates that servers send.
    public var date: @Sendable () -> Date
    /// Waits. Throws `CancellationError` when the task is cancelled.
    public var sleep: @Sendable (Duration) async throws -> Void
    /// From 0 up to 1.
    public var chance: @Sendable () -> Double

    /// Time from these sources.
    public init(
        now: @escaping @Sendable () -> Duration,
        date: @escaping @Sendable () -> Date,
        sleep: @escaping @Sendable (Duration) async throws -> Void,
        chance: @escaping @Sendable () -> Double
    ) {
        self.now = now
        self.date = date
        self.sleep = sleep
        self.chance = chance
    }

    /// The machine's.
    public static let system: OutboundTime = {
        let start = ContinuousClock.now
        return OutboundTime(
            now: { start.duration(to: .now) },
            date: { Date() },
            sleep: { try await CancellableSleep.sleep(for: $0) },
            chance: { Double.random(in: 0..<1) }
        )
    }()

    /// Runs `operation`, and throws `error` when it takes longer than `limit`.
    ///
    /// The operation is cancelled then, and waited for: it must answer to cancellation.
    func within<Result: Sendable>(
        _ limit: Duration,
        orThrow error: @autoclosure @escaping @Sendable () -> RegistryError,
        _ operation: @escaping @Sendable () async throws -> Result
    ) async throws -> Result {
        guard limit > .zero else { throw error() }
        return try await withThrowingTaskGroup(of: Result.self) { group in
            group.addTask(operation: operation)
            group.addTask {
                try await sleep(limit)
                throw error()
            }
            defer { group.cancelAll() }
            guard let result = try await group.next() else { throw error() }
            return result
        }
    }
}
