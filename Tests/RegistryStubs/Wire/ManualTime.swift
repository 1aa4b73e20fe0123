package import Foundation
package import Registries
import Synchronization

/// Time that stands still until a test moves it.
package final class ManualTime: Sendable {
    private struct State {
        var now = Duration.zero
        var nextID = 0
        var sleepers: [Int: (end: Duration, wake: CheckedContinuation<Void, any Error>)] = [:]
        var watchers: [(limit: Duration, seen: CheckedContinuation<Void, Never>)] = []
    }

    private let state = Mutex(State())
    package let start = Date(timeIntervalSince1970: 1_800_000_000)

    package init() {}

    package var time: OutboundTime {
        OutboundTime(
            now: { self.now },
            date: { self.start.addingTimeInterval(self.now / .seconds(1)) },
            sleep: { try await self.sleep($0) },
            chance: { 0 }
        )
    }

    package var now: Duration { state.withLock { $0.now } }

    /// Moves time on and wakes whoever slept until then.
    package func advance(by step: Duration) {
        let woken = state.withLock { state in
            state.now += step
            let due = state.sleepers.filter { $0.value.end <= state.now }
            for id in due.keys { state.sleepers[id] = nil }
            return due.values.map(\.wake)
        }
        for sleeper in woken { sleeper.resume() }
    }

    /// Returns once somebody sleeps for no longer than `limit`.
    package func someoneSleeps(atMost limit: Duration) async {
        await withCheckedContinuation { continuation in
            let isSeen = state.withLock { state in
                if state.sleepers.values.contains(where: { $0.end - state.now <= limit }) { return true }
                state.watchers.append((limit, continuation))
                return false
            }
            if isSeen { continuation.resume() }
        }
    }

    private func sleep(_ duration: Duration) async throws {
        let id = state.withLock { state in
            state.nextID += 1
            return state.nextID
        }
        try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { (wake: CheckedContinuation<Void, any Error>) in
                let (isCancelled, watchers) = state.withLock { state in
                    if Task.isCancelled { return (true, [CheckedContinuation<Void, Never>]()) }
                    state.sleepers[id] = (state.now + duration, wake)
                    let seen = state.watchers.filter { duration <= $0.limit }.map(\.seen)
                    state.watchers.removeAll { duration <= $0.limit }
                    return (false, seen)
                }
                if isCancelled { wake.resume(throwing: CancellationError()) }
                for watcher in watchers { watcher.resume() }
            }
        } onCancel: {
            let sleeper = state.withLock { $0.sleepers.removeValue(forKey: id) }
            sleeper?.wake.resume(throwing: CancellationError())
        }
    }
}
