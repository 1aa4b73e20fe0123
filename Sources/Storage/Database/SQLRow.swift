public import Foundation

/// One row of a result; columns are read by position. A column of another type throws
/// ``StorageError/Code/unexpectedValue``: the schema is trusted, and where it does not hold, nothing is guessed.
public struct SQLRow: Sendable {
    /// The columns, in the order of the statement.
    public let values: [SQLValue]

    /// A row of `values`.
    public init(_ values: [SQLValue]) { self.values = values }

    /// A column that is not null.
    public func integer(_ column: Int) throws(StorageError) -> Int64 {
        guard case .integer(let value) = values[column] else { throw mismatch(column, "an integer") }
        return value
    }

    /// A column that is not null.
    public func text(_ column: Int) throws(StorageError) -> String {
        guard case .text(let value) = values[column] else { throw mismatch(column, "a text") }
        return value
    }

    /// A column that may be null.
    public func optionalText(_ column: Int) throws(StorageError) -> String? {
        values[column] == .null ? nil : try text(column)
    }

    /// A column that is not null.
    public func bytes(_ column: Int) throws(StorageError) -> [UInt8] {
        guard case .bytes(let value) = values[column] else { throw mismatch(column, "bytes") }
        return value
    }

    /// A column that is not null.
    public func uuid(_ column: Int) throws(StorageError) -> UUID {
        switch values[column] {
        case .uuid(let value): return value
        case .bytes(let bytes) where bytes.count == 16:
            return bytes.withUnsafeBytes { UUID(uuid: $0.loadUnaligned(as: uuid_t.self)) }
        default: throw mismatch(column, "a UUID")
        }
    }

    /// A column that may be null.
    public func optionalUUID(_ column: Int) throws(StorageError) -> UUID? {
        values[column] == .null ? nil : try uuid(column)
    }

    /// A moment; the column is not null.
    public func time(_ column: Int) throws(StorageError) -> Date {
        Date(timeIntervalSince1970: Double(try integer(column)) / 1000)
    }

    /// A moment; the column may be null.
    public func optionalTime(_ column: Int) throws(StorageError) -> Date? {
        values[column] == .null ? nil : try time(column)
    }

    private func mismatch(_ column: Int, _ expected: String) -> StorageError {
        StorageError(.unexpectedValue, "column \(column) of a row does not hold \(expected)")
    }
}
