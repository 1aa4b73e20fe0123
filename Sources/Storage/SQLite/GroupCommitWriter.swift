import Dispatch
import Foundation
import GRDB
import Synchronization

/// The one writer of a SQLite database. Bodies that arrive while a commit syncs are run together in the next transaction, each
/// in a savepoint of its own, so that one sync serves all that waited and a body that fails undoes only itself.
///
/// Nobody is answered before the sync. When the commit fails, nobody's write happened and everybody is told.
final class GroupCommitWriter: Sendable {
    /// More waiting writes than this are refused with ``StorageError/Code/overloaded``; a write waits for a few syncs at most.
    static let queueLimit = 4_096
    /// Bodies in one transaction; bounds how long the first of them waits for the last.
    static let batchLimit = 256

    /// How long the writer waits for company, at most, and how often it looks whether any came.
    private static let gatheringSteps = 8
    private static let gatheringStepInMicroseconds: UInt32 = 500

    private let pool: DatabasePool
    private let queue = DispatchQueue(label: "pratique.sqlite.writer", qos: .userInitiated)
    private let state = Mutex(State())

    private struct State {
        var waiting: [Job] = []
        var isDraining = false
        var isClosed = false
        var transactions = 0
        var bodies = 0
    }

    /// A waiting body: `run` executes it and keeps its outcome, `finish` tells its caller. With an error, the whole
    /// transaction failed, whatever the body's own outcome was.
    private struct Job: Sendable {
        let run: @Sendable (SQLiteSession) throws -> Void
        let finish: @Sendable ((any Error)?) -> Void
    }

    init(pool: DatabasePool) {
        self.pool = pool
    }

    var commits: (transactions: Int, bodies: Int) {
        state.withLock { ($0.transactions, $0.bodies) }
    }

    func write<Result: Sendable>(
        _ body: @escaping @Sendable (any SQLSession) throws -> Result
    ) async throws -> Result {
        try await withCheckedThrowingContinuation { continuation in
            let outcome = Outcome<Result>()
            let job = Job(
                run: { session in
                    do {
                        outcome.value.withLock { $0 = nil }
                        let result = try body(session)
                        outcome.value.withLock { $0 = .success(result) }
                    } catch {
                        outcome.value.withLock { $0 = .failure(error) }
                        throw error
                    }
                },
                finish: { failure in
                    let result: Swift.Result<Result, any Error>? =
                        failure.map { .failure($0) } ?? outcome.value.withLock { $0 }
                    continuation.resume(
                        with: result ?? .failure(StorageError(.unavailable, "the write was not run"))
                    )
                }
            )
            if let refusal = enqueue(job) { job.finish(refusal) }
        }
    }

    private final class Outcome<Result: Sendable>: Sendable {
        let value = Mutex<Swift.Result<Result, any Error>?>(nil)
    }

    /// Puts `job` in the queue and sees that somebody empties it; returns why not, if it cannot.
    private func enqueue(_ job: Job) -> StorageError? {
        let (refusal, mustStart) = state.withLock { state -> (StorageError?, Bool) in
            guard !state.isClosed else { return (StorageError(.unavailable, "the database is closed"), false) }
            guard state.waiting.count < GroupCommitWriter.queueLimit else {
                return (StorageError(.overloaded, "too many writes are waiting"), false)
            }
            state.waiting.append(job)
            defer { state.isDraining = true }
            return (nil, !state.isDraining)
        }
        if mustStart { queue.async { self.drain() } }
        return refusal
    }

    private func drain() {
        var wasShared = false
        while let batch = nextBatch(gathering: wasShared) {
            let failure = commit(batch)
            for job in batch { job.finish(failure) }
            wasShared = batch.count > 1
        }
    }

    /// Under load, waits as long as bodies keep arriving, for a few milliseconds at most: a commit costs as much for one body as
    /// for fifty, and the processor time that it takes is what the bodies need to arrive. A lone writer never waits.
    private func gather() {
        var count = state.withLock { $0.waiting.count }
        for _ in 0..<GroupCommitWriter.gatheringSteps {
            usleep(GroupCommitWriter.gatheringStepInMicroseconds)
            let now = state.withLock { $0.waiting.count }
            guard now > count, now < GroupCommitWriter.batchLimit else { return }
            count = now
        }
    }

    private func nextBatch(gathering: Bool) -> [Job]? {
        if gathering { gather() }
        return state.withLock { state in
            guard !state.waiting.isEmpty else {
                state.isDraining = false
                return nil
            }
            let batch = Array(state.waiting.prefix(GroupCommitWriter.batchLimit))
            state.waiting.removeFirst(batch.count)
            return batch
        }
    }

    /// Runs and commits a batch; returns the error that undid all of it, if there was one.
    private func commit(_ batch: [Job]) -> StorageError? {
        do {
            try pool.writeWithoutTransaction { database in
                let session = SQLiteSession(database: database)
                try session.run("BEGIN IMMEDIATE")
                do {
                    for job in batch { try GroupCommitWriter.run(job, session) }
                    try session.run("COMMIT")
                } catch {
                    // A full disk or an I/O error may have rolled back already (sqlite.org/lang_transaction.html, 3).
                    if database.isInsideTransaction { try session.run("ROLLBACK") }
                    throw error
                }
            }
            state.withLock { state in
                state.transactions += 1
                state.bodies += batch.count
            }
            return nil
        } catch {
            return StorageError(sqlite: error)
        }
    }

    private static func run(_ job: Job, _ session: SQLiteSession) throws {
        try session.run("SAVEPOINT body")
        do {
            try job.run(session)
        } catch {
            // The engine's own trouble ends the whole transaction; anything else is this body's alone.
            if let error = error as? StorageError, error.code == .unavailable || error.code == .corrupt { throw error }
            guard session.database.isInsideTransaction else { throw error }
            try session.run("ROLLBACK TO body")
        }
        try session.run("RELEASE body")
    }

    func close() async {
        state.withLock { $0.isClosed = true }
        await withCheckedContinuation { continuation in
            queue.async { continuation.resume() }
        }
    }
}
