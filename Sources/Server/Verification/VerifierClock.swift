public import Foundation
import Registries

/// What time is to the ``Verifier``. Tests give their own, so that a day passes at once.
public struct VerifierClock: Sendable {
    let now: @Sendable () -> Date
    let sleep: @Sendable (Duration) async throws -> Void
    /// A random number from -1 to 1.
    let jitter: @Sendable () -> Double

    /// A clock. `sleep` throws when it is cancelled.
    public init(
        now: @escaping @Sendable () -> Date,
        sleep: @escaping @Sendable (Duration) async throws -> Void,
        jitter: @escaping @Sendable () -> Double
    ) {
        self.now = now
        self.sleep = sleep
        self.jitter = jitter
    }

    /// The machine's.
    public static let system = VerifierClock(
        now: { Date() },
        sleep: { try await CancellableSleep.sleep(for: $0) },
        jitter: { Double.random(in: -1...1) }
    )
}

extension VerifierClock {
    /// The first element of `stream`; nil when `limit` passes before it comes, or the task is cancelled.
    func first<Element: Sendable>(of stream: AsyncStream<Element>, within limit: Duration) async -> Element? {
        await withTaskGroup(of: Element?.self) { group in
            group.addTask { await stream.first { _ in true } }
            group.addTask {
                try? await sleep(limit)  // Throws only when cancelled, and nobody listens then.
                return nil
            }
            defer { group.cancelAll() }
            return await group.next() ?? nil
        }
    }
}
