extension OutboundClient {
    /// Sends a request and gives its body away piece by piece while it arrives. `consume` also sees answers with an error status,
    /// whose body is cut at 64 KiB. It runs in a task of its own, which is cancelled at a deadline.
    ///
    /// Throws what `consume` throws, ``RegistryError`` and `CancellationError`. Nothing is sent again once `consume` has begun.
    public func stream<Result: Sendable>(
        _ request: OutboundRequest,
        _ consume: @escaping @Sendable (OutboundHead, OutboundBody) async throws -> Result
    ) async throws -> Result {
        let watch = BodyWatch(time: time)
        let origin = request.url.origin
        return try await time.within(
            request.deadlines.whole,
            orThrow: .timeout(origin, "did not send the whole body in time")
        ) {
            try await withThrowingTaskGroup(of: Result.self) { group in
                group.addTask { try await self.following(request, .stream, watch: watch, consume) }
                group.addTask {
                    try await watch.guardIdle(request.deadlines.idle, origin)
                    throw CancellationError()
                }
                defer { group.cancelAll() }
                guard let result = try await group.next() else { throw CancellationError() }
                return result
            }
        }
    }

    /// A request with its redirects, each of which passes the whole policy again.
    func following<Result: Sendable>(
        _ request: OutboundRequest,
        _ lane: HostGate.Lane,
        watch: BodyWatch?,
        _ consume: @escaping @Sendable (OutboundHead, OutboundBody) async throws -> Result
    ) async throws -> Result {
        var request = request
        var hops = 0
        while true {
            switch try await retrying(request, lane, watch: watch, consume) {
            case .answered(let result, _): return result
            case .redirected(let target):
                hops += 1
                request = try request.redirected(to: target, hops: hops)
            }
        }
    }

    private func retrying<Result: Sendable>(
        _ request: OutboundRequest,
        _ lane: HostGate.Lane,
        watch: BodyWatch?,
        _ consume: @escaping @Sendable (OutboundHead, OutboundBody) async throws -> Result
    ) async throws -> Exchanged<Result> {
        var attempt = 0
        while true {
            attempt += 1
            let mayRepeat = request.isRetryable && attempt <= limits.retries
            do {
                let exchanged = try await exchange(request, lane, watch: watch, consume)
                guard lane == .request, mayRepeat, case .answered(_, let head) = exchanged,
                    let pause = RetryAfter.pause(status: head.status, headers: head.headers, now: time.date()),
                    pause <= limits.patience
                else { return exchanged }
                // The gate holds the next try back for the pause.
            } catch let fault as TransportFault {
                guard fault.isTransient, mayRepeat else { throw fault.error }
                // 100 ms, then 200, each up to doubled by chance, so that many clients do not come back together.
                try await time.sleep(.milliseconds(100 << (attempt - 1)) * (1 + time.chance()))
            }
        }
    }
}
