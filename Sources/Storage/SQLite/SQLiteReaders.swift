import Synchronization

/// The connections that read. A reader takes one for as long as it reads and never waits for another: there are as many as
/// threads that read at once, and the one that was used last, whose cache is warm, is taken first.
final class SQLiteReaders: Sendable {
    /// Connections kept for the next reader; each holds a page cache.
    private static let idleLimit = 8

    private let path: String
    private let cacheInKiB: Int
    private let state = Mutex(State())

    private struct State {
        var idle: [SQLiteConnection] = []
        var isClosed = false
    }

    init(path: String, cacheInKiB: Int) {
        self.path = path
        self.cacheInKiB = cacheInKiB
    }

    /// Runs `body` on one snapshot.
    func read<Result>(_ body: (any SQLSession) throws -> Result) throws -> Result {
        let connection = try take()
        defer { giveBack(connection) }
        return try connection.transaction("BEGIN", body)
    }

    func close() {
        let idle = state.withLock { state in
            state.isClosed = true
            defer { state.idle = [] }
            return state.idle
        }
        for connection in idle { connection.close() }
    }

    private func take() throws -> SQLiteConnection {
        let (idle, isClosed) = state.withLock { ($0.idle.popLast(), $0.isClosed) }
        guard !isClosed else { throw StorageError(.unavailable, "the database is closed") }
        return try idle ?? SQLiteConnection(path: path, for: .reading, cacheInKiB: cacheInKiB)
    }

    private func giveBack(_ connection: SQLiteConnection) {
        let isKept = state.withLock { state in
            guard !state.isClosed, state.idle.count < SQLiteReaders.idleLimit else { return false }
            state.idle.append(connection)
            return true
        }
        if !isKept { connection.close() }
    }
}
