import GRDBSQLite

/// One SQLite connection to a snapshot. Not to be used by two threads at once.
final class SnapshotFile {
    let handle: OpaquePointer
    let path: String

    /// A page holds a dozen records, and fewer pages make a flatter tree.
    private static let pageInBytes = 8_192
    /// While a snapshot is written, in KiB.
    private static let writerCacheInKiB = 65_536
    /// Of a reader, beside what it maps, in KiB.
    private static let readerCacheInKiB = 1_024
    /// A reader maps up to this much of the file, in bytes: pages come from the kernel's cache without being copied.
    private static let mappedInBytes = 1 << 30

    /// Opens the snapshot at `path` for reading. It is never written to, only replaced, so that no locks are needed; whoever has the
    /// old file open keeps it.
    init(reading path: String) throws(AdvisoryError) {
        let uri = "file:\(SnapshotFile.escaped(path))?mode=ro&immutable=1"
        handle = try SnapshotFile.open(uri, SQLITE_OPEN_READONLY | SQLITE_OPEN_URI | SQLITE_OPEN_NOMUTEX, path)
        self.path = path
        try execute("PRAGMA mmap_size = \(SnapshotFile.mappedInBytes)")
        try execute("PRAGMA cache_size = -\(SnapshotFile.readerCacheInKiB)")
        try execute("PRAGMA query_only = ON")
        try execute("PRAGMA trusted_schema = OFF")
    }

    /// Opens the file at `path` for writing, or creates it. Nobody else may see it before it is whole, so that it needs no journal.
    init(writing path: String) throws(AdvisoryError) {
        let flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX
        handle = try SnapshotFile.open(path, flags, path)
        self.path = path
        try execute("PRAGMA page_size = \(SnapshotFile.pageInBytes)")
        try execute("PRAGMA journal_mode = OFF")
        try execute("PRAGMA synchronous = OFF")
        try execute("PRAGMA locking_mode = EXCLUSIVE")
        try execute("PRAGMA cache_size = -\(SnapshotFile.writerCacheInKiB)")
        try execute("PRAGMA trusted_schema = OFF")
    }

    deinit { sqlite3_close_v2(handle) }

    private static func open(_ name: String, _ flags: Int32, _ path: String) throws(AdvisoryError) -> OpaquePointer {
        var opened: OpaquePointer?
        let status = sqlite3_open_v2(name, &opened, flags, nil)
        guard status == SQLITE_OK, let handle = opened else {
            sqlite3_close_v2(opened)
            let reason = String(cString: sqlite3_errstr(status))
            throw AdvisoryError(.unusableDatabase, "the advisory database \(path) cannot be opened: \(reason)")
        }
        return handle
    }

    /// `path` as a URI's path: everything but letters, digits and a few marks as `%xx`.
    private static func escaped(_ path: String) -> String {
        let digits = Array("0123456789ABCDEF".utf8)
        var bytes: [UInt8] = []
        for byte in path.utf8 {
            let isPlain = byte.isDigit || byte.isLetter || "/-._~".utf8.contains(byte)
            if isPlain {
                bytes.append(byte)
            } else {
                bytes += [UInt8(ascii: "%"), digits[Int(byte >> 4)], digits[Int(byte & 15)]]
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// Runs statements without values.
    func execute(_ sql: String) throws(AdvisoryError) {
        guard sqlite3_exec(handle, sql, nil, nil, nil) == SQLITE_OK else { throw failure() }
    }

    /// Prepares a statement with values.
    func prepare(_ sql: String) throws(AdvisoryError) -> SnapshotStatement {
        var prepared: OpaquePointer?
        guard sqlite3_prepare_v3(handle, sql, -1, UInt32(SQLITE_PREPARE_PERSISTENT), &prepared, nil) == SQLITE_OK,
            let prepared
        else {
            throw failure()
        }
        return SnapshotStatement(prepared, of: self)
    }

    /// The id of the row that was inserted last.
    var lastInsertedRow: Int64 { sqlite3_last_insert_rowid(handle) }

    func failure() -> AdvisoryError {
        let reason = String(cString: sqlite3_errmsg(handle))
        return AdvisoryError(.unusableDatabase, "the advisory database \(path) is unusable: \(reason)")
    }
}
