import CSQLite

/// One connection to a SQLite file, with the statements that it has prepared.
///
/// SQLite is spoken to directly: a request is a few look-ups by key, and a library's rows, arguments and locks cost several times
/// what those take.
// Sendable because one thread at a time uses a connection: the writer's queue, the checkpointer's, or the reader that took it.
final class SQLiteConnection: SQLSession, @unchecked Sendable {
    /// Whether a statement that can write has been run since this was last set to false.
    var mayHaveWritten = false
    /// How many pages the write-ahead log holds, as of the last commit on this connection.
    private(set) var logInPages = 0

    private var handle: OpaquePointer?
    private var statements: [SQLText: SQLiteStatement] = [:]

    /// Statements kept prepared. A program has fewer, but the placeholders of an `IN (…)` are as many as its values.
    private static let statementLimit = 256
    /// How long a statement waits for a lock that another process holds, in milliseconds.
    private static let busyTimeout: Int32 = 5_000

    /// Once for the process; too late, and without effect, when something else has used SQLite before.
    private static let isWithoutMemoryCounters = pratique_sqlite_without_memory_counters() == SQLITE_OK

    /// What a connection is for.
    enum Access {
        case reading, writing
    }

    /// Opens the file at `path`; one that is for writing makes it. `cacheInKiB` bounds its page cache.
    init(path: String, for access: Access, cacheInKiB: Int) throws {
        _ = SQLiteConnection.isWithoutMemoryCounters
        // NOMUTEX: no two threads use a connection at once, so that SQLite need not lock it at every call.
        let flags =
            SQLITE_OPEN_NOMUTEX
            | (access == .reading ? SQLITE_OPEN_READONLY : SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE)
        let result = sqlite3_open_v2(path, &handle, flags, nil)
        do {
            guard result == SQLITE_OK, let handle else {
                throw StorageError(sqlite: result, "the file cannot be opened")
            }
            sqlite3_busy_timeout(handle, SQLiteConnection.busyTimeout)
            _ = pratique_sqlite_without_quoted_texts(handle)
            try execute("PRAGMA foreign_keys = ON", [])
            try execute("PRAGMA trusted_schema = OFF", [])
            try execute("PRAGMA cache_size = -\(cacheInKiB)", [])
        } catch {
            close()
            throw error
        }
    }

    deinit { close() }

    /// Closes the connection; what is asked of it later throws ``StorageError/Code/unavailable``.
    func close() {
        statements = [:]
        sqlite3_close_v2(handle)
        handle = nil
    }

    var dialect: SQLDialect { .sqlite }

    /// Whether a transaction is open. A full disk or an I/O error may end one (sqlite.org/lang_transaction.html, section 3).
    var isInTransaction: Bool { handle.map { sqlite3_get_autocommit($0) == 0 } ?? false }

    @discardableResult
    func execute(_ sql: String, _ values: [SQLValue]) throws -> Int {
        try run(sql, values) { _ in }
        return Int(sqlite3_changes(handle))
    }

    func query(_ sql: String, _ values: [SQLValue]) throws -> [SQLRow] {
        var rows: [SQLRow] = []
        try run(sql, values) { rows.append($0.row()) }
        return rows
    }

    /// Runs `body` between `begin` and COMMIT; what it throws, or COMMIT does, rolls back.
    func transaction<Result>(_ begin: String, _ body: (SQLiteConnection) throws -> Result) throws -> Result {
        try execute(begin, [])
        do {
            let result = try body(self)
            try execute("COMMIT", [])
            return result
        } catch {
            if isInTransaction { try execute("ROLLBACK", []) }
            throw error
        }
    }

    private func run(_ sql: String, _ values: [SQLValue], row: (SQLiteStatement) -> Void) throws {
        guard let handle else { throw StorageError(.unavailable, "the database is closed") }
        let statement = try prepared(SQLText(sql), on: handle)
        if !statement.isReadOnly { mayHaveWritten = true }
        // The statement stays for the next time: reset, so that it holds no lock, and bare of values.
        defer { statement.reset() }
        try statement.bind(values)
        while try statement.step() { row(statement) }
    }

    private func prepared(_ sql: SQLText, on handle: OpaquePointer) throws -> SQLiteStatement {
        if let statement = statements[sql] { return statement }
        let statement = try SQLiteStatement(sql.text, on: handle)
        if statements.count >= SQLiteConnection.statementLimit { statements = [:] }
        statements[sql] = statement
        return statement
    }

    // MARK: The write-ahead log

    /// Keeps ``logInPages`` from now on. SQLite no longer checkpoints by itself on this connection.
    func watchLog() {
        let me = Unmanaged.passUnretained(self).toOpaque()
        sqlite3_wal_hook(
            handle,
            { me, _, _, pages in
                if let me { Unmanaged<SQLiteConnection>.fromOpaque(me).takeUnretainedValue().logInPages = Int(pages) }
                return SQLITE_OK
            },
            me
        )
    }

    /// Moves what it can from the log into the file, without waiting for anybody.
    func checkpoint() throws {
        let result = sqlite3_wal_checkpoint_v2(handle, nil, SQLITE_CHECKPOINT_PASSIVE, nil, nil)
        // Busy: another connection is at it.
        guard result == SQLITE_OK || result == SQLITE_BUSY else { throw StorageError(sqliteConnection: handle) }
    }
}

/// The text of a statement as a key. Its hash looks at the length and the end only: texts are few and long, and a request looks
/// up eight of them.
private struct SQLText: Hashable {
    let text: String

    init(_ text: String) { self.text = text }

    func hash(into hasher: inout Hasher) {
        hasher.combine(text.utf8.count)
        for byte in text.utf8.suffix(8) { hasher.combine(byte) }
    }
}
