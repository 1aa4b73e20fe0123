public import Foundation

/// A value bound to a statement or read from a row; the types that SQLite and PostgreSQL 15 share.
///
/// In `CREATE TABLE` they are written `UUID`, `BIGINT`, `TEXT` and `BYTEA`, which both engines take. There is no boolean and no
/// timestamp: a moment is a `BIGINT` of Unix milliseconds.
public enum SQLValue: Sendable, Hashable {
    /// No value.
    case null
    /// `BIGINT`.
    case integer(Int64)
    /// `TEXT`, without U+0000, which PostgreSQL has no room for.
    case text(String)
    /// `BYTEA`.
    case bytes([UInt8])
    /// `UUID`; SQLite keeps its 16 bytes.
    case uuid(UUID)

    /// A moment, as Unix milliseconds.
    public static func time(_ date: Date) -> SQLValue {
        .integer(Int64((date.timeIntervalSince1970 * 1000).rounded()))
    }

    /// A moment or nothing.
    public static func time(_ date: Date?) -> SQLValue {
        date.map { .time($0) } ?? .null
    }

    /// A text or nothing.
    public static func text(_ text: String?) -> SQLValue {
        text.map { .text($0) } ?? .null
    }

    /// A UUID or nothing.
    public static func uuid(_ uuid: UUID?) -> SQLValue {
        uuid.map { .uuid($0) } ?? .null
    }
}
