import Foundation
import GRDB
import GRDBSQLite

/// One GRDB connection inside a transaction.
///
/// GRDB keeps the connection and its prepared statements; values are bound and read here, with SQLite's own functions. Going
/// through GRDB's `StatementArguments` and `Row` cost three times what SQLite itself takes for a look-up by key.
struct SQLiteSession: SQLSession {
    let database: GRDB.Database

    var dialect: SQLDialect { .sqlite }

    func execute(_ sql: String, _ values: [SQLValue]) throws -> Int {
        try run(sql, values) { _ in }
        return Int(sqlite3_changes(database.sqliteConnection))
    }

    func query(_ sql: String, _ values: [SQLValue]) throws -> [SQLRow] {
        var rows: [SQLRow] = []
        try run(sql, values) { statement in
            rows.append(SQLRow((0..<sqlite3_column_count(statement)).map { SQLValue(column: $0, of: statement) }))
        }
        return rows
    }

    /// Steps through a statement and calls `row` at each of its rows.
    func run(_ sql: String, _ values: [SQLValue] = [], row: (OpaquePointer) -> Void = { _ in }) throws {
        let statement: OpaquePointer
        do {
            statement = try database.cachedStatement(sql: sql).sqliteStatement
        } catch {
            throw StorageError(sqlite: error)
        }
        // The statement goes back to the cache: reset, so that it holds no lock, and bare of values.
        defer {
            sqlite3_reset(statement)
            sqlite3_clear_bindings(statement)
        }
        try bind(values, to: statement)
        while true {
            switch sqlite3_step(statement) {
            case SQLITE_ROW: row(statement)
            case SQLITE_DONE: return
            default: throw failure()
            }
        }
    }

    private func bind(_ values: [SQLValue], to statement: OpaquePointer) throws {
        guard sqlite3_bind_parameter_count(statement) == Int32(values.count) else {
            throw StorageError(.invalidStatement, "a statement has another number of placeholders than of values")
        }
        for (offset, value) in values.enumerated() {
            let index = Int32(offset + 1)
            // SQLite numbers $1, $2, … by their first use; PostgreSQL by their digits. The two must agree.
            assert(String(cString: sqlite3_bind_parameter_name(statement, index)) == "$\(index)")
            guard value.bind(to: statement, at: index) == SQLITE_OK else { throw failure() }
        }
    }

    private func failure() -> StorageError {
        let connection = database.sqliteConnection
        let code = sqlite3_extended_errcode(connection)
        let message = String(cString: sqlite3_errmsg(connection))
        return StorageError(sqlite: DatabaseError(resultCode: ResultCode(rawValue: code), message: message))
    }
}

/// Tells SQLite to copy the bytes before the call returns (`SQLITE_TRANSIENT`, a macro that Swift does not see).
private let copied = unsafeBitCast(-1, to: sqlite3_destructor_type.self)

extension SQLValue {
    fileprivate init(column: Int32, of statement: OpaquePointer) {
        switch sqlite3_column_type(statement, column) {
        case SQLITE_INTEGER: self = .integer(sqlite3_column_int64(statement, column))
        case SQLITE_TEXT:
            let bytes = UnsafeBufferPointer(
                start: sqlite3_column_text(statement, column),
                count: Int(sqlite3_column_bytes(statement, column))
            )
            self = .text(String(decoding: bytes, as: UTF8.self))
        case SQLITE_BLOB:
            let bytes = UnsafeRawBufferPointer(
                start: sqlite3_column_blob(statement, column),
                count: Int(sqlite3_column_bytes(statement, column))
            )
            self = .bytes(Array(bytes))
        // No column of ours is a real; what is read as one matches no accessor and throws there.
        default: self = .null
        }
    }

    fileprivate func bind(to statement: OpaquePointer, at index: Int32) -> Int32 {
        switch self {
        case .null: return sqlite3_bind_null(statement, index)
        case .integer(let integer): return sqlite3_bind_int64(statement, index, integer)
        case .text(var text):
            return text.withUTF8 { bytes in
                bytes.withMemoryRebound(to: CChar.self) {
                    // An empty buffer may have no address, which SQLite would take for NULL.
                    sqlite3_bind_text(statement, index, $0.baseAddress ?? emptyText, Int32($0.count), copied)
                }
            }
        case .bytes(let bytes):
            guard !bytes.isEmpty else { return sqlite3_bind_zeroblob(statement, index, 0) }
            return bytes.withUnsafeBytes {
                sqlite3_bind_blob(statement, index, $0.baseAddress, Int32($0.count), copied)
            }
        case .uuid(let uuid):
            return withUnsafeBytes(of: uuid.uuid) { sqlite3_bind_blob(statement, index, $0.baseAddress, 16, copied) }
        }
    }
}

// Sendable by never being written: the address of one zero byte that lives as long as the process.
nonisolated(unsafe) private let emptyText: UnsafePointer<CChar> = {
    let byte = UnsafeMutablePointer<CChar>.allocate(capacity: 1)
    byte.initialize(to: 0)
    return UnsafePointer(byte)
}()
