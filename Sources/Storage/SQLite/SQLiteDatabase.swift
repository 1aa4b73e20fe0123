/// SQLite behind the ``Database`` seam: WAL, `synchronous=FULL`, foreign keys on, many readers, and one writer that commits
/// waiting requests together.
///
/// Reads run on the caller's thread: a read is a few indexed rows from the page cache, shorter than a switch of threads.
public struct SQLiteDatabase: Database {
    /// `.sqlite`.
    public let dialect = SQLDialect.sqlite
    private let readers: SQLiteReaders
    private let writer: GroupCommitWriter

    /// Page cache of each reader, in KiB.
    private static let readerCacheInKiB = 2_048
    /// Page cache of the writer, in KiB.
    private static let writerCacheInKiB = 16_384
    /// Page cache of the checkpointer, in KiB: it copies pages and keeps none.
    private static let checkpointerCacheInKiB = 64

    /// Opens the database file at `path`, or creates it. Throws ``StorageError``.
    public init(path: String) throws {
        let connection = try SQLiteConnection(
            path: path,
            for: .writing,
            cacheInKiB: SQLiteDatabase.writerCacheInKiB
        )
        let mode = try connection.first("PRAGMA journal_mode = WAL", [])?.text(0)
        // With WAL, NORMAL would lose acknowledged writes on power failure.
        try connection.execute("PRAGMA synchronous = FULL", [])
        let synchronous = try connection.first("PRAGMA synchronous", [])?.integer(0)
        guard mode == "wal", synchronous == 2 else {
            throw StorageError(.unavailable, "the file system does not support SQLite's write-ahead log")
        }
        // Freed pages are zeroed, so that a deleted credential leaves no ciphertext in the file.
        try connection.execute("PRAGMA secure_delete = ON", [])
        connection.watchLog()
        writer = GroupCommitWriter(
            connection: connection,
            checkpointer: try SQLiteCheckpointer(path: path, cacheInKiB: SQLiteDatabase.checkpointerCacheInKiB)
        )
        readers = SQLiteReaders(path: path, cacheInKiB: SQLiteDatabase.readerCacheInKiB)
    }

    /// See ``Database/read(_:)``.
    public func read<Result: Sendable>(
        _ body: @Sendable (any SQLSession) throws -> Result
    ) async throws -> Result {
        try readers.read(body)
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
        // The writer last: who closes last moves the log into the file.
        readers.close()
        await writer.close()
    }
}
