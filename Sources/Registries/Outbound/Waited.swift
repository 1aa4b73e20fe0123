import Synchronization

/// A value that comes once and that several tasks may wait for; a waiter that is cancelled leaves without the others.
final class Waited<Value: Sendable>: Sendable {
    private struct State {
        var result: Result<Value, any Error>?
        var waiters: [Int: CheckedContinuation<Value, any Error>] = [:]
        var nextWaiter = 0
    }

    private let state = Mutex(State())
    private let whenDeserted: @Sendable () -> Void

    /// `whenDeserted` is called when the last waiter leaves before the value has come.
    init(whenDeserted: @escaping @Sendable () -> Void = {}) { self.whenDeserted = whenDeserted }

    /// Gives the value to all; later calls change nothing.
    func finish(_ result: Result<Value, any Error>) {
        let waiters = state.withLock { state -> [CheckedContinuation<Value, any Error>] in
            guard state.result == nil else { return [] }
            state.result = result
            defer { state.waiters = [:] }
            return Array(state.waiters.values)
        }
        for waiter in waiters { waiter.resume(with: result) }
    }

    /// How many wait.
    var waiterCount: Int { state.withLock { $0.waiters.count } }

    /// Waits for the value. Throws what it came to, or `CancellationError`.
    var value: Value {
        get async throws {
            let id = state.withLock { state -> Int in
                state.nextWaiter += 1
                return state.nextWaiter
            }
            return try await withTaskCancellationHandler {
                try await withCheckedThrowingContinuation { continuation in
                    let result = state.withLock { state -> Result<Value, any Error>? in
                        if let result = state.result { return result }
                        // Cancelled before it began to wait: the handler has run already and will not come back.
                        if Task.isCancelled { return .failure(CancellationError()) }
                        state.waiters[id] = continuation
                        return nil
                    }
                    if let result { continuation.resume(with: result) }
                }
            } onCancel: {
                leave(id)
            }
        }
    }

    private func leave(_ id: Int) {
        let (waiter, isDeserted) = state.withLock { state -> (CheckedContinuation<Value, any Error>?, Bool) in
            let waiter = state.waiters.removeValue(forKey: id)
            return (waiter, waiter != nil && state.waiters.isEmpty && state.result == nil)
        }
        waiter?.resume(throwing: CancellationError())
        if isDeserted { whenDeserted() }
    }
}
