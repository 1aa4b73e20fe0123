public import Foundation
public import Server
import Synchronization

/// A clock that stands until a test moves it. Waits of less than a second pass at once.
public final class ManualClock: Sendable {
    private let state: Mutex<State>

    private struct Sleeper {
        let id: Int
        let duration: Duration
        let end: Date
        let continuation: CheckedContinuation<Void, any Error>
    }

    private struct State {
        var now: Date
        var next = 0
        var sleepers: [Sleeper] = []
        var watchers: [(duration: Duration, continuation: CheckedContinuation<Void, Never>)] = []
    }

    /// A clock that shows `now`.
    public init(_ now: Date = Date()) { state = Mutex(State(now: now)) }

    /// What it shows.
    public var now: Date { state.withLock { $0.now } }

    /// As the verifier takes it, without jitter.
    public var forVerifier: VerifierClock {
        VerifierClock(now: { self.now }, sleep: { try await self.sleep($0) }, jitter: { 0 })
    }

    /// Moves the clock; whoever slept long enough wakes.
    public func advance(by seconds: TimeInterval) {
        let woken = state.withLock { state in
            state.now += seconds
            let now = state.now
            defer { state.sleepers.removeAll { $0.end <= now } }
            return state.sleepers.filter { $0.end <= now }
        }
        for sleeper in woken { sleeper.continuation.resume() }
    }

    /// Waits until somebody sleeps for exactly `duration`.
    public func sleeper(of duration: Duration) async {
        await withCheckedContinuation { continuation in
            let isThere = state.withLock { state in
                let isThere = state.sleepers.contains { $0.duration == duration }
                if !isThere { state.watchers.append((duration, continuation)) }
                return isThere
            }
            if isThere { continuation.resume() }
        }
    }

    private func sleep(_ duration: Duration) async throws {
        guard duration >= .seconds(1) else {
            await Task.yield()
            return try Task.checkCancellation()
        }
        let id = state.withLock { state in
            state.next += 1
            return state.next
        }
        try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                let watchers = state.withLock { state in
                    guard !Task.isCancelled else { return nil as [CheckedContinuation<Void, Never>]? }
                    let end = state.now + TimeInterval(duration.components.seconds)
                    state.sleepers.append(Sleeper(id: id, duration: duration, end: end, continuation: continuation))
                    defer { state.watchers.removeAll { $0.duration == duration } }
                    return state.watchers.filter { $0.duration == duration }.map(\.continuation)
                }
                guard let watchers else { return continuation.resume(throwing: CancellationError()) }
                for watcher in watchers { watcher.resume() }
            }
        } onCancel: {
            let sleeper = state.withLock { state in
                let index = state.sleepers.firstIndex { $0.id == id }
                return index.map { state.sleepers.remove(at: $0) }
            }
            sleeper?.continuation.resume(throwing: CancellationError())
        }
    }
}

/// Waits until `condition` holds, looking again whenever others had their turn. Returns false when it does not within the
/// time that a test may take.
public func eventually(_ condition: () async throws -> Bool) async rethrows -> Bool {
    let end = ContinuousClock.now + .seconds(60)
    while ContinuousClock.now < end {
        if try await condition() { return true }
        await Task.yield()
    }
    return false
}
