/// Where everything durable is kept. Two engines: SQLite (embedded, one node) and PostgreSQL (many nodes).
///
/// The seam is low: SQL text and values, in the subset that both engines take. Placeholders are `$1`, `$2`, … in the order of
/// their first use.
public protocol Database: Sendable {
    /// Which engine it is, for the few statements that differ.
    var dialect: SQLDialect { get }

    /// Runs `body` on a consistent snapshot; it must not write. Throws ``StorageError``, or what `body` throws.
    func read<Result: Sendable>(_ body: @Sendable (any SQLSession) throws -> Result) async throws -> Result

    /// Runs `body` in a transaction that is on disk when this returns. What `body` throws undoes it alone.
    ///
    /// The engine may commit several callers' bodies together, each undone by itself when it fails, may run a body on any thread,
    /// and again after undoing it; a body must therefore do nothing but SQL.
    @discardableResult
    func write<Result: Sendable>(
        _ body: @escaping @Sendable (any SQLSession) throws -> Result
    ) async throws -> Result

    /// Waits for what was begun, then closes every connection. Later calls throw ``StorageError/Code/unavailable``.
    func close() async
}

/// The engine's own dialect.
public enum SQLDialect: Sendable {
    /// SQLite 3.40 or newer.
    case sqlite
    /// PostgreSQL 15 or newer.
    case postgresql
}

/// One connection inside a transaction; valid only while the body that got it runs.
public protocol SQLSession {
    /// Which engine it is.
    var dialect: SQLDialect { get }

    /// Runs a statement that gives no rows; returns how many rows it changed.
    @discardableResult
    func execute(_ sql: String, _ values: [SQLValue]) throws -> Int

    /// Runs a statement and returns all of its rows. Every statement bounds its rows with `LIMIT` or a key.
    func query(_ sql: String, _ values: [SQLValue]) throws -> [SQLRow]
}

extension SQLSession {
    /// The first row, if there is one.
    public func first(_ sql: String, _ values: [SQLValue]) throws -> SQLRow? {
        try query(sql, values).first
    }

    /// The one integer of a `SELECT COUNT(*)`.
    public func count(_ sql: String, _ values: [SQLValue]) throws -> Int {
        Int(try first(sql, values)?.integer(0) ?? 0)
    }
}
