import Dispatch
import Synchronization

/// Moves the write-ahead log into the file beside the writer, which would otherwise stand still for it.
///
/// The log starts over only when nothing is left in it at the moment of a write, and beside a busy writer something always is.
/// So once the bulk is moved the writer moves the little that came since itself.
final class SQLiteCheckpointer: Sendable {
    /// Pages in the log at which it is moved: 16 MiB. Each time costs syncs of its own, but with four times as much the disk is busy for
    /// so long at once that one commit in a hundred waits 40 ms for it.
    static let beginInPages = 4_096
    /// Rounds beside the writer, each over what came during the one before.
    private static let rounds = 2

    private let connection: SQLiteConnection
    private let queue = DispatchQueue(label: "pratique.sqlite.checkpoint", qos: .utility)
    private let state = Mutex(State.idle)

    private enum State {
        case idle, moving, moved
    }

    init(path: String, cacheInKiB: Int) throws {
        connection = try SQLiteConnection(path: path, for: .writing, cacheInKiB: cacheInKiB)
        try connection.execute("PRAGMA synchronous = FULL", [])
        // A connection that has not looked at the file yet takes it for one without a log, and moves nothing.
        try connection.execute("PRAGMA journal_mode = WAL", [])
    }

    /// Called by the writer between two transactions on its own connection.
    func writerCommitted(_ writer: SQLiteConnection) {
        guard writer.logInPages >= SQLiteCheckpointer.beginInPages else { return }
        let state = state.withLock { state in
            let found = state
            if found != .moving { state = found == .idle ? .moving : .idle }
            return found
        }
        switch state {
        case .idle: queue.async { self.move() }
        case .moving: break
        // A failure is no loss: what was committed is in the log, and the next checkpoint meets the same disk.
        case .moved: try? writer.checkpoint()
        }
    }

    private func move() {
        for _ in 0..<SQLiteCheckpointer.rounds { try? connection.checkpoint() }  // A failure is no loss, as above.
        state.withLock { $0 = .moved }
    }

    /// Returns when what was begun beside the writer is done.
    func settle() {
        queue.sync {}
    }

    func close() {
        queue.sync { connection.close() }
    }
}
