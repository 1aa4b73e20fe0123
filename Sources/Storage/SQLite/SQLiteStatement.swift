import CSQLite
import Foundation

/// A prepared statement of one connection.
final class SQLiteStatement {
    /// Whether it leaves the file as it is.
    let isReadOnly: Bool
    private let pointer: OpaquePointer
    private let parameterCount: Int32
    /// Which columns of the result are columns of a table that were declared `UUID`.
    private let holdsUUID: [Bool]

    init(_ sql: String, on handle: OpaquePointer) throws {
        var (statement, isOne): (OpaquePointer?, Bool) = (nil, true)
        let result = sql.utf8.withContiguousStorageIfAvailable { text in
            text.withMemoryRebound(to: CChar.self) { text in
                var tail: UnsafePointer<CChar>?
                let flags = UInt32(SQLITE_PREPARE_PERSISTENT)
                let result = sqlite3_prepare_v3(handle, text.baseAddress, Int32(text.count), flags, &statement, &tail)
                if let base = text.baseAddress, let tail { isOne = tail - base == text.count }
                return result
            }
        }
        guard result == SQLITE_OK else { throw StorageError(sqliteConnection: handle) }
        guard let statement, isOne else {
            sqlite3_finalize(statement)
            throw StorageError(.invalidStatement, "a text holds no statement, or more than one")
        }
        pointer = statement
        isReadOnly = sqlite3_stmt_readonly(statement) != 0
        parameterCount = sqlite3_bind_parameter_count(statement)
        holdsUUID = (0..<sqlite3_column_count(statement)).map { column in
            sqlite3_column_decltype(statement, column).map { String(cString: $0) == "UUID" } ?? false
        }
    }

    deinit { sqlite3_finalize(pointer) }

    /// Goes to the next row; false at the end.
    func step() throws -> Bool {
        switch sqlite3_step(pointer) {
        case SQLITE_ROW: true
        case SQLITE_DONE: false
        default: throw failure()
        }
    }

    func reset() {
        sqlite3_reset(pointer)
        if parameterCount > 0 { sqlite3_clear_bindings(pointer) }
    }

    /// Gives every placeholder its value.
    func bind(_ values: [SQLValue]) throws {
        guard parameterCount == Int32(values.count) else {
            throw StorageError(.invalidStatement, "a statement has another number of placeholders than of values")
        }
        var index: Int32 = 0
        for value in values {
            index += 1
            // SQLite numbers $1, $2, … by their first use; PostgreSQL by their digits. The two must agree.
            assert(String(cString: sqlite3_bind_parameter_name(pointer, index)) == "$\(index)")
            guard bind(value, at: index) == SQLITE_OK else { throw failure() }
        }
    }

    private func bind(_ value: SQLValue, at index: Int32) -> Int32 {
        switch value {
        case .null: return sqlite3_bind_null(pointer, index)
        case .integer(let integer): return sqlite3_bind_int64(pointer, index, integer)
        case .text(var text):
            return text.withUTF8 { bytes in
                bytes.withMemoryRebound(to: CChar.self) {
                    // An empty buffer may have no address, which SQLite would take for NULL.
                    sqlite3_bind_text(pointer, index, $0.baseAddress ?? emptyText, Int32($0.count), copied)
                }
            }
        case .bytes(let bytes):
            guard !bytes.isEmpty else { return sqlite3_bind_zeroblob(pointer, index, 0) }
            return bytes.withUnsafeBytes {
                sqlite3_bind_blob(pointer, index, $0.baseAddress, Int32($0.count), copied)
            }
        case .uuid(let uuid):
            return withUnsafeBytes(of: uuid.uuid) { sqlite3_bind_blob(pointer, index, $0.baseAddress, 16, copied) }
        }
    }

    /// The current row.
    func row() -> SQLRow {
        let count = sqlite3_data_count(pointer)
        var values: [SQLValue] = []
        values.reserveCapacity(Int(count))
        for column in 0..<count { values.append(value(column)) }
        return SQLRow(values)
    }

    private func value(_ column: Int32) -> SQLValue {
        switch sqlite3_column_type(pointer, column) {
        case SQLITE_INTEGER: return .integer(sqlite3_column_int64(pointer, column))
        case SQLITE_TEXT:
            let text = sqlite3_column_text(pointer, column)
            let count = Int(sqlite3_column_bytes(pointer, column))
            return .text(String(decoding: UnsafeBufferPointer(start: text, count: count), as: UTF8.self))
        case SQLITE_BLOB:
            let blob = sqlite3_column_blob(pointer, column)
            let count = Int(sqlite3_column_bytes(pointer, column))
            let bytes = UnsafeRawBufferPointer(start: blob, count: count)
            // A statement that SQLite prepared again may have other columns than it had.
            let isUUID = count == 16 && Int(column) < holdsUUID.count && holdsUUID[Int(column)]
            return isUUID ? .uuid(UUID(uuid: bytes.loadUnaligned(as: uuid_t.self))) : .bytes(Array(bytes))
        // No column of ours is a real; what is read as one matches no accessor and throws there.
        default: return .null
        }
    }

    private func failure() -> StorageError {
        StorageError(sqliteConnection: sqlite3_db_handle(pointer))
    }
}

/// Tells SQLite to copy the bytes before the call returns (`SQLITE_TRANSIENT`, a macro that Swift does not see).
private let copied = unsafeBitCast(-1, to: sqlite3_destructor_type.self)

// Sendable by never being written: the address of one zero byte that lives as long as the process.
nonisolated(unsafe) private let emptyText: UnsafePointer<CChar> = {
    let byte = UnsafeMutablePointer<CChar>.allocate(capacity: 1)
    byte.initialize(to: 0)
    return UnsafePointer(byte)
}()
