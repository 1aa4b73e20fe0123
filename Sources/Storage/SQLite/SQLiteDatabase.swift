import Foundation
import GRDB

/// SQLite behind the ``Database`` seam: WAL, `synchronous=FULL`, foreign keys on, many readers, and one writer that commits
/// waiting requests together.
///
/// Reads run on the caller's thread: a read is a few indexed rows from the page cache, shorter than a switch of threads.
public struct SQLiteDatabase: Database {
    /// `.sqlite`.
    public let dialect = SQLDialect.sqlite
    private let pool: DatabasePool
    private let writer: GroupCommitWriter

    /// Connections for reading. No more threads than this read at once: the pool of Swift concurrency has one per core.
    private static let readerCount = 8
    /// Page cache of each reader, in KiB.
    private static let readerCacheInKiB = 2_048
    /// Page cache of the writer, in KiB.
    private static let writerCacheInKiB = 16_384
    /// A checkpoint costs syncs of its own: one per 4,096 pages (16 MiB) of log instead of one per 1,000.
    private static let checkpointInPages = 4_096

    /// Opens the database file at `path`, or creates it. Throws ``StorageError``.
    public init(path: String) throws {
        var configuration = Configuration()
        configuration.label = "pratique"
        configuration.maximumReaderCount = SQLiteDatabase.readerCount
        configuration.persistentReadOnlyConnections = true
        configuration.busyMode = .timeout(5)
        configuration.prepareDatabase { database in
            try database.execute(sql: "PRAGMA cache_size = -\(SQLiteDatabase.readerCacheInKiB)")
        }
        do {
            pool = try DatabasePool(path: path, configuration: configuration)
            try pool.writeWithoutTransaction(SQLiteDatabase.prepareWriter)
        } catch {
            throw StorageError(sqlite: error)
        }
        writer = GroupCommitWriter(pool: pool)
    }

    private static func prepareWriter(_ database: GRDB.Database) throws {
        // After the pool has set its own mode, which is NORMAL: with WAL that would lose acknowledged writes on power failure.
        try database.execute(sql: "PRAGMA synchronous = FULL")
        try database.execute(sql: "PRAGMA cache_size = -\(writerCacheInKiB)")
        try database.execute(sql: "PRAGMA wal_autocheckpoint = \(checkpointInPages)")
        // Freed pages are zeroed, so that a deleted credential leaves no ciphertext in the file.
        try database.execute(sql: "PRAGMA secure_delete = ON")
        try database.execute(sql: "PRAGMA trusted_schema = OFF")
        let mode = try String.fetchOne(database, sql: "PRAGMA journal_mode")
        let synchronous = try Int.fetchOne(database, sql: "PRAGMA synchronous")
        guard mode == "wal", synchronous == 2 else {
            throw StorageError(.unavailable, "the file system does not support SQLite's write-ahead log")
        }
    }

    /// See ``Database/read(_:)``.
    public func read<Result: Sendable>(
        _ body: @Sendable (any SQLSession) throws -> Result
    ) async throws -> Result {
        try readOnThisThread(body)
    }

    private func readOnThisThread<Result>(_ body: (any SQLSession) throws -> Result) throws -> Result {
        do {
            // The pool's own `read` prepares BEGIN and COMMIT anew each time, which costs as much as a small query.
            return try pool.unsafeRead { database in
                let session = SQLiteSession(database: database)
                try session.run("BEGIN")
                do {
                    let result = try body(session)
                    try session.run("COMMIT")
                    return result
                } catch {
                    if database.isInsideTransaction { try session.run("ROLLBACK") }
                    throw error
                }
            }
        } catch let error as DatabaseError {
            throw StorageError(sqlite: error)
        }
    }

    /// See ``Database/write(_:)``.
    @discardableResult
    public func write<Result: Sendable>(
        _ body: @escaping @Sendable (any SQLSession) throws -> Result
    ) async throws -> Result {
        try await writer.write(body)
    }

    /// How many write transactions were committed, and how many bodies they held.
    public var commits: (transactions: Int, bodies: Int) { writer.commits }

    /// See ``Database/close()``.
    public func close() async {
        await writer.close()
        do {
            try pool.close()
        } catch {
            // A statement that is still held keeps a connection open; the process is about to end and WAL needs no farewell.
        }
    }
}
