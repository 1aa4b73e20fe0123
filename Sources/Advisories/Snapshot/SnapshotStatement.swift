import GRDBSQLite

/// A prepared statement. Values are bound, never written into the SQL.
final class SnapshotStatement {
    private let handle: OpaquePointer
    // Holds the connection open as long as the statement lives.
    private let file: SnapshotFile

    init(_ handle: OpaquePointer, of file: SnapshotFile) {
        self.handle = handle
        self.file = file
    }

    deinit { sqlite3_finalize(handle) }

    enum Value {
        case null
        case integer(Int64)
        case real(Double)
        case text(String)
        case bytes([UInt8])
    }

    /// Tells SQLite to copy the bytes before the call returns (`SQLITE_TRANSIENT`, a macro that Swift does not see).
    private static let copied = unsafeBitCast(-1, to: sqlite3_destructor_type.self)

    /// Runs the statement to its end.
    func run(_ values: Value...) throws(AdvisoryError) {
        defer { sqlite3_reset(handle) }
        try bind(values)
        while try step() {}
    }

    /// Runs the statement and calls `row` at each of its rows.
    func forEach(_ values: [Value] = [], row: (borrowing SnapshotRow) throws(AdvisoryError) -> Void)
        throws(AdvisoryError)
    {
        defer { sqlite3_reset(handle) }
        try bind(values)
        while try step() { try row(SnapshotRow(handle)) }
    }

    private func bind(_ values: [Value]) throws(AdvisoryError) {
        for (offset, value) in values.enumerated() {
            let index = Int32(offset + 1)
            let status: Int32
            switch value {
            case .null: status = sqlite3_bind_null(handle, index)
            case .integer(let integer): status = sqlite3_bind_int64(handle, index, integer)
            case .real(let real): status = sqlite3_bind_double(handle, index, real)
            case .text(let text):
                // With its length, so that a NUL inside ends nothing.
                status = sqlite3_bind_text(handle, index, text, Int32(text.utf8.count), SnapshotStatement.copied)
            case .bytes(let bytes):
                status =
                    bytes.isEmpty
                    ? sqlite3_bind_zeroblob(handle, index, 0)
                    : sqlite3_bind_blob(handle, index, bytes, Int32(bytes.count), SnapshotStatement.copied)
            }
            guard status == SQLITE_OK else { throw file.failure() }
        }
    }

    private func step() throws(AdvisoryError) -> Bool {
        switch sqlite3_step(handle) {
        case SQLITE_ROW: return true
        case SQLITE_DONE: return false
        default: throw file.failure()
        }
    }
}

/// The row that a statement stands on.
struct SnapshotRow: ~Copyable {
    private let handle: OpaquePointer

    fileprivate init(_ handle: OpaquePointer) { self.handle = handle }

    func integer(_ column: Int32) -> Int64 { sqlite3_column_int64(handle, column) }

    /// nil for NULL.
    func real(_ column: Int32) -> Double? {
        sqlite3_column_type(handle, column) == SQLITE_NULL ? nil : sqlite3_column_double(handle, column)
    }

    /// nil for NULL.
    func text(_ column: Int32) -> String? {
        guard let text = sqlite3_column_text(handle, column) else { return nil }
        let count = Int(sqlite3_column_bytes(handle, column))
        return String(decoding: UnsafeBufferPointer(start: text, count: count), as: UTF8.self)
    }

    func bytes(_ column: Int32) -> [UInt8] {
        let blob = sqlite3_column_blob(handle, column)
        return Array(UnsafeRawBufferPointer(start: blob, count: Int(sqlite3_column_bytes(handle, column))))
    }
}
