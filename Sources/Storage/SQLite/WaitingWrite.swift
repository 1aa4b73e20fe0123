/// A write in the queue of the ``GroupCommitWriter``.
protocol WaitingWrite: Sendable {
    /// Runs the body and keeps its outcome; throws what it throws. It may be run again after everything it did is undone.
    func run(_ session: any SQLSession) throws

    /// Tells the caller the outcome; with `failure`, the whole transaction failed, whatever the body's own outcome was.
    func finish(_ failure: (any Error)?)
}

/// A body with the caller that waits for it.
// Sendable because `outcome` is touched by the writer's queue alone, or by nobody when the queue refused the body.
final class BodyInQueue<Result: Sendable>: WaitingWrite, @unchecked Sendable {
    private let body: @Sendable (any SQLSession) throws -> Result
    private let caller: CheckedContinuation<Result, any Error>
    private var outcome: Swift.Result<Result, any Error>?

    init(
        _ body: @escaping @Sendable (any SQLSession) throws -> Result,
        _ caller: CheckedContinuation<Result, any Error>
    ) {
        self.body = body
        self.caller = caller
    }

    func run(_ session: any SQLSession) throws {
        outcome = nil
        do {
            outcome = .success(try body(session))
        } catch {
            outcome = .failure(error)
            throw error
        }
    }

    func finish(_ failure: (any Error)?) {
        let outcome = failure.map { .failure($0) } ?? outcome
        caller.resume(with: outcome ?? .failure(StorageError(.unavailable, "the write was not run")))
    }
}
