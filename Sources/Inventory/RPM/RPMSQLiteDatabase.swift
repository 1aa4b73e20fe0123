import GRDBSQLite
import Layers

/// `rpmdb.sqlite`: a table `Packages` with a header in each row, opened where it lies in memory.
///
/// The file is hostile: SQLite reads only, runs no function, trigger or view of the file's schema, and ends after so many steps.
enum RPMSQLiteDatabase {
    /// A database of 3,000 packages takes 50,000 steps of a thousand instructions at most.
    private static let stepLimit = 200_000
    private static let instructionsInStep: Int32 = 1000

    /// Whether `bytes` begin as such a file.
    static func isOne(_ bytes: [UInt8]) -> Bool {
        bytes.withUnsafeBytes { ByteView($0).hasPrefix("SQLite format 3\0") }
    }

    /// Calls `body` with the header of each package, in the order of their numbers. Two bytes of `bytes` change.
    static func forEachHeader(
        in bytes: inout [UInt8],
        _ body: (ByteView) throws(UnreadableFile) -> Void
    ) throws(UnreadableFile) {
        // rpm leaves the file in the mode that has a log beside it, and SQLite then wants that log. Source: SQLite file format,
        // 1.3.3: the two bytes that say which mode reading and writing need.
        guard bytes.count >= 100 else { throw UnreadableFile("rpm's database is cut off") }
        bytes[18] = 1
        bytes[19] = 1
        let outcome: Result<Void, UnreadableFile> = bytes.withUnsafeMutableBytes { buffer in
            do throws(UnreadableFile) {
                return .success(try read(buffer, body))
            } catch {
                return .failure(error)
            }
        }
        try outcome.get()
    }

    private static func read(
        _ buffer: UnsafeMutableRawBufferPointer,
        _ body: (ByteView) throws(UnreadableFile) -> Void
    ) throws(UnreadableFile) {
        var connection: OpaquePointer?
        let opened = sqlite3_open_v2(":memory:", &connection, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX, nil)
        defer { sqlite3_close_v2(connection) }
        guard opened == SQLITE_OK else { throw UnreadableFile("SQLite cannot be opened") }
        let size = sqlite3_int64(buffer.count)
        let bytes = buffer.baseAddress?.assumingMemoryBound(to: UInt8.self)
        let flags = UInt32(SQLITE_DESERIALIZE_READONLY)
        guard sqlite3_deserialize(connection, "main", bytes, size, size, flags) == SQLITE_OK else {
            throw failure(connection)
        }
        var steps = stepLimit
        try withUnsafeMutablePointer(to: &steps) { steps throws(UnreadableFile) in
            guard restrict(connection, steps: steps) else { throw failure(connection) }
            try readRows(connection, budget: buffer.count, body)
        }
    }

    private static func readRows(
        _ connection: OpaquePointer?,
        budget: Int,
        _ body: (ByteView) throws(UnreadableFile) -> Void
    ) throws(UnreadableFile) {
        // Rows share pages in a hostile file only: then its size would be read over and over.
        var budget = budget
        var statement: OpaquePointer?
        defer { sqlite3_finalize(statement) }
        guard sqlite3_prepare_v2(connection, "SELECT blob FROM Packages", -1, &statement, nil) == SQLITE_OK else {
            throw failure(connection)
        }
        while true {
            switch sqlite3_step(statement) {
            case SQLITE_ROW:
                let length = Int(sqlite3_column_bytes(statement, 0))
                guard let blob = sqlite3_column_blob(statement, 0), length > 0 else { continue }
                budget -= length
                guard budget >= 0 else {
                    throw UnreadableFile("rpm's database tells the same packages again and again")
                }
                try body(ByteView(UnsafeRawBufferPointer(start: blob, count: length)))
            case SQLITE_DONE: return
            default: throw failure(connection)
            }
        }
    }

    /// Source: SQLite, "Defense Against The Dark Arts".
    private static func restrict(_ connection: OpaquePointer?, steps: UnsafeMutablePointer<Int>) -> Bool {
        sqlite3_limit(connection, SQLITE_LIMIT_LENGTH, Int32(CatalogLimits.rpmDatabaseInBytes))
        sqlite3_progress_handler(
            connection,
            instructionsInStep,
            { steps in
                guard let steps = steps?.assumingMemoryBound(to: Int.self) else { return 1 }
                steps.pointee -= 1
                return steps.pointee > 0 ? 0 : 1
            },
            steps
        )
        for pragma in ["PRAGMA trusted_schema = OFF", "PRAGMA cell_size_check = ON", "PRAGMA mmap_size = 0"]
        where sqlite3_exec(connection, pragma, nil, nil, nil) != SQLITE_OK { return false }
        // Whatever the schema brings along: only columns of tables are read.
        let authorized = sqlite3_set_authorizer(
            connection,
            { _, action, _, _, _, _ in
                action == SQLITE_SELECT || action == SQLITE_READ ? SQLITE_OK : SQLITE_DENY
            },
            nil
        )
        return authorized == SQLITE_OK
    }

    private static func failure(_ connection: OpaquePointer?) -> UnreadableFile {
        UnreadableFile("rpm's database: \(String(cString: sqlite3_errmsg(connection)))")
    }
}
