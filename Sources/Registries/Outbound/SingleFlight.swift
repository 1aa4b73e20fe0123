import Synchronization

/// Fetches a value once for all who want it at the same time. Nothing is kept afterwards.
///
/// A waiter that is cancelled leaves the others alone; when the last one leaves, the fetch is cancelled.
final class SingleFlight<Key: Hashable & Sendable, Value: Sendable>: Sendable {
    private let flights = Mutex<[Key: Waited<Value>]>([:])

    /// The value of `key`: what a fetch under way comes to, else what `fetch` gives.
    func value(_ key: Key, _ fetch: @escaping @Sendable () async throws -> Value) async throws -> Value {
        while true {
            let flight = join(key, fetch)
            do {
                return try await flight.value
            } catch is CancellationError {
                // Joined just when the last of the others left and the fetch was cancelled: begin anew.
                try Task.checkCancellation()
            }
        }
    }

    /// Whether `count` wait for a fetch of `key`.
    func isJoined(_ key: Key, by count: Int) -> Bool { flights.withLock { $0[key]?.waiterCount } == count }

    private func join(_ key: Key, _ fetch: @escaping @Sendable () async throws -> Value) -> Waited<Value> {
        let fetching = Fetching()
        let (flight, isNew) = flights.withLock { flights -> (Waited<Value>, Bool) in
            if let flight = flights[key] { return (flight, false) }
            let flight = Waited<Value>(whenDeserted: { [weak self] in
                self?.remove(key, fetching)
                fetching.cancel()
            })
            fetching.flight.withLock { $0 = ObjectIdentifier(flight) }
            flights[key] = flight
            return (flight, true)
        }
        guard isNew else { return flight }
        // Unstructured, since it must outlive the waiter that began it; it ends when the last waiter leaves.
        let task = Task {
            let result: Result<Value, any Error>
            do { result = .success(try await fetch()) } catch { result = .failure(error) }
            self.remove(key, fetching)
            flight.finish(result)
        }
        fetching.began(task)
        return flight
    }

    private func remove(_ key: Key, _ fetching: Fetching) {
        flights.withLock { flights in
            let id = fetching.flight.withLock { $0 }
            if let flight = flights[key], ObjectIdentifier(flight) == id { flights[key] = nil }
        }
    }
}

/// A fetch that can be cancelled before it has begun.
private final class Fetching: Sendable {
    let flight = Mutex<ObjectIdentifier?>(nil)
    private let state = Mutex<(task: Task<Void, Never>?, isCancelled: Bool)>((nil, false))

    func began(_ task: Task<Void, Never>) {
        let isCancelled = state.withLock { state in
            state.task = task
            return state.isCancelled
        }
        if isCancelled { task.cancel() }
    }

    func cancel() {
        let task = state.withLock { state in
            state.isCancelled = true
            return state.task
        }
        task?.cancel()
    }
}
