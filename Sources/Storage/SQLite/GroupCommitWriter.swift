import Dispatch
import Foundation
import Synchronization

/// The one writer of a SQLite database. Bodies that arrive while a commit syncs are run together in the next transaction, so that
/// one sync serves all that waited. A body that fails undoes only itself.
///
/// Nobody is answered before the sync. When the commit fails, nobody's write happened and everybody is told.
final class GroupCommitWriter: Sendable {
    /// More waiting writes than this are refused with ``StorageError/Code/overloaded``; a write waits for a few syncs at most.
    static let queueLimit = 4_096
    /// Bodies in one transaction; bounds how long the first of them waits for the last.
    static let batchLimit = 256

    /// Bodies that the writer does not wait beyond. Most of what a commit costs is shared by then, and the bodies that are still
    /// on their way use the processor while this commit syncs.
    private static let company = 24
    /// How long the writer waits for company, at most, and how often it looks whether any came.
    private static let gatheringSteps = 10
    private static let gatheringStepInMicroseconds: UInt32 = 50

    private let connection: SQLiteConnection
    private let checkpointer: SQLiteCheckpointer
    private let queue = DispatchQueue(label: "pratique.sqlite.writer", qos: .userInitiated)
    private let state = Mutex(State())

    private struct State {
        var waiting: [any WaitingWrite] = []
        var isDraining = false
        var isClosed = false
        var transactions = 0
        var bodies = 0
    }

    init(connection: SQLiteConnection, checkpointer: SQLiteCheckpointer) {
        self.connection = connection
        self.checkpointer = checkpointer
    }

    var commits: (transactions: Int, bodies: Int) {
        state.withLock { ($0.transactions, $0.bodies) }
    }

    func write<Result: Sendable>(
        _ body: @escaping @Sendable (any SQLSession) throws -> Result
    ) async throws -> Result {
        try await withCheckedThrowingContinuation { continuation in
            let write = BodyInQueue(body, continuation)
            if let refusal = enqueue(write) { write.finish(refusal) }
        }
    }

    /// Puts `write` in the queue and sees that somebody empties it; returns why not, if it cannot.
    private func enqueue(_ write: any WaitingWrite) -> StorageError? {
        let (refusal, mustStart) = state.withLock { state -> (StorageError?, Bool) in
            guard !state.isClosed else { return (StorageError(.unavailable, "the database is closed"), false) }
            guard state.waiting.count < GroupCommitWriter.queueLimit else {
                return (StorageError(.overloaded, "too many writes are waiting"), false)
            }
            state.waiting.append(write)
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
            for write in batch { write.finish(failure) }
            if failure == nil { checkpointer.writerCommitted(connection) }
            wasShared = batch.count > 1
        }
    }

    /// Under load, waits as long as bodies keep arriving, for a millisecond at most: a commit costs as much for one body as
    /// for fifty, and the processor time that it takes is what the bodies need to arrive. A lone writer never waits.
    private func gather() {
        var count = state.withLock { $0.waiting.count }
        for _ in 0..<GroupCommitWriter.gatheringSteps where count < GroupCommitWriter.company {
            usleep(GroupCommitWriter.gatheringStepInMicroseconds)
            let now = state.withLock { $0.waiting.count }
            guard now > count else { return }
            count = now
        }
    }

    private func nextBatch(gathering: Bool) -> [any WaitingWrite]? {
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
    private func commit(_ batch: [any WaitingWrite]) -> StorageError? {
        do {
            if try !commitTogether(batch) { try commitApart(batch) }
            state.withLock { state in
                state.transactions += 1
                state.bodies += batch.count
            }
            return nil
        } catch {
            return error as? StorageError
                ?? StorageError(.unavailable, "the database could not be used: \(type(of: error))")
        }
    }

    /// Thrown to undo a whole batch when a body failed after it had written.
    private struct MustRunApart: Error {}

    /// Runs a batch without savepoints: in each, SQLite copies every page before it changes it, which costs more than the
    /// changes. False, with all of the batch undone, when a body failed that may have written.
    private func commitTogether(_ batch: [any WaitingWrite]) throws -> Bool {
        do {
            try connection.transaction("BEGIN IMMEDIATE") { connection in
                for write in batch {
                    connection.mayHaveWritten = false
                    do {
                        try write.run(connection)
                    } catch {
                        if GroupCommitWriter.isOfTheEngine(error) { throw error }
                        if connection.mayHaveWritten { throw MustRunApart() }
                    }
                }
            }
            return true
        } catch is MustRunApart {
            return false
        }
    }

    /// Runs every body of a batch again, each in a savepoint of its own.
    private func commitApart(_ batch: [any WaitingWrite]) throws {
        try connection.transaction("BEGIN IMMEDIATE") { connection in
            for write in batch {
                try connection.execute("SAVEPOINT body", [])
                do {
                    try write.run(connection)
                } catch {
                    if GroupCommitWriter.isOfTheEngine(error) { throw error }
                    guard connection.isInTransaction else { throw error }
                    try connection.execute("ROLLBACK TO body", [])
                }
                try connection.execute("RELEASE body", [])
            }
        }
    }

    /// Whether an error is the engine's own trouble, which ends the whole transaction; anything else is one body's alone.
    private static func isOfTheEngine(_ error: any Error) -> Bool {
        guard let error = error as? StorageError else { return false }
        return error.code == .unavailable || error.code == .corrupt
    }

    func close() async {
        state.withLock { $0.isClosed = true }
        await withCheckedContinuation { continuation in
            queue.async {
                self.checkpointer.close()
                self.connection.close()
                continuation.resume()
            }
        }
    }
}
