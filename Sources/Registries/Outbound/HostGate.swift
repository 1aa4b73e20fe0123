import Synchronization

/// How many requests run at once to one host and port, and until when a host is left alone.
///
/// A host that answered 429 or 503 with a time to come back is closed to every request until then. A request that finds it closed
/// waits when the pause is short (``OutboundLimits/patience``) and fails with ``RegistryError/Code/rateLimited`` when it is not.
final class HostGate: Sendable {
    /// Which window a request counts in.
    enum Lane: Hashable {
        case request
        case stream
    }

    private struct Place: Hashable {
        let authority: String
        let lane: Lane
    }

    private struct Window {
        var running = 0
        var waiters: [(id: Int, turn: CheckedContinuation<Void, any Error>)] = []
    }

    private struct Closure {
        let end: Duration
        let status: Int?
    }

    private struct State {
        var windows: [Place: Window] = [:]
        var closures: [String: Closure] = [:]
        var nextWaiter = 0
    }

    private let state = Mutex(State())
    private let limits: OutboundLimits
    private let time: OutboundTime

    init(limits: OutboundLimits, time: OutboundTime) {
        self.limits = limits
        self.time = time
    }

    /// Runs `body` when its turn comes.
    func pass<Result>(
        _ origin: OutboundOrigin,
        _ lane: Lane,
        _ body: () async throws -> Result
    ) async throws -> Result {
        let place = Place(authority: "\(origin.host):\(origin.port)", lane: lane)
        try await waitWhileClosed(origin, place.authority)
        try await enter(place)
        defer { leave(place) }
        // It may have been closed while this request waited for its turn.
        try await waitWhileClosed(origin, place.authority)
        return try await body()
    }

    /// Leaves `origin` alone for `pause`, bounded by ``OutboundLimits/longestPause``; never shortens a longer pause. `status` is that
    /// of the answer that asked for it.
    func close(_ origin: OutboundOrigin, for pause: Duration, because status: Int? = nil) {
        let now = time.now()
        let end = now + min(max(pause, .zero), limits.longestPause)
        state.withLock { state in
            state.closures = state.closures.filter { $0.value.end > now }
            let key = "\(origin.host):\(origin.port)"
            guard end > state.closures[key]?.end ?? .zero else { return }
            state.closures[key] = Closure(end: end, status: status)
        }
    }

    private func waitWhileClosed(_ origin: OutboundOrigin, _ authority: String) async throws {
        while true {
            guard let closure = state.withLock({ $0.closures[authority] }) else { return }
            let rest = closure.end - time.now()
            guard rest > .zero else { return }
            guard rest <= limits.patience else {
                throw RegistryError(
                    .rateLimited,
                    "\(origin.authority) asked for a pause after too many requests",
                    hint: "Try again later.",
                    upstream: .init(registry: origin.authority, status: closure.status),
                    retryAfter: rest
                )
            }
            try await time.sleep(rest)
        }
    }

    private func enter(_ place: Place) async throws {
        let limit = place.lane == .request ? limits.requestsPerHost : limits.streamsPerHost
        let id = state.withLock { state -> Int in
            state.nextWaiter += 1
            return state.nextWaiter
        }
        try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { (turn: CheckedContinuation<Void, any Error>) in
                let result = state.withLock { state -> Result<Void, any Error>? in
                    if Task.isCancelled { return .failure(CancellationError()) }
                    if state.windows[place, default: Window()].running < limit {
                        state.windows[place, default: Window()].running += 1
                        return .success(())
                    }
                    state.windows[place, default: Window()].waiters.append((id, turn))
                    return nil
                }
                if let result { turn.resume(with: result) }
            }
        } onCancel: {
            let turn = state.withLock { state -> CheckedContinuation<Void, any Error>? in
                guard let index = state.windows[place]?.waiters.firstIndex(where: { $0.id == id }) else { return nil }
                return state.windows[place]?.waiters.remove(at: index).turn
            }
            turn?.resume(throwing: CancellationError())
        }
    }

    private func leave(_ place: Place) {
        let next = state.withLock { state -> CheckedContinuation<Void, any Error>? in
            guard var window = state.windows[place] else { return nil }
            // The turn is handed on, so the count stays as it is.
            let next = window.waiters.isEmpty ? nil : window.waiters.removeFirst().turn
            if next == nil { window.running -= 1 }
            state.windows[place] = window.running > 0 ? window : nil
            return next
        }
        next?.resume()
    }
}
