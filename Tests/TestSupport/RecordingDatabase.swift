public import Storage
import Synchronization

/// A database that remembers every statement that is run through it, each once and in the order of its first run.
public struct RecordingDatabase<Base: Database>: Database {
    private let base: Base
    private let record = StatementRecord()

    /// Records what is run on `base`.
    public init(_ base: Base) { self.base = base }

    /// The statements so far.
    public var statements: [String] { record.statements }

    /// That of the database below.
    public var dialect: SQLDialect { base.dialect }

    /// See ``Storage/Database/read(_:)``.
    public func read<Result: Sendable>(
        _ body: @Sendable (any SQLSession) throws -> Result
    ) async throws -> Result {
        try await base.read { [record] in try body(RecordingSession(base: $0, record: record)) }
    }

    /// See ``Storage/Database/write(_:)``.
    @discardableResult
    public func write<Result: Sendable>(
        _ body: @escaping @Sendable (any SQLSession) throws -> Result
    ) async throws -> Result {
        try await base.write { [record] in try body(RecordingSession(base: $0, record: record)) }
    }

    /// See ``Storage/Database/close()``.
    public func close() async { await base.close() }
}

private struct RecordingSession: SQLSession {
    let base: any SQLSession
    let record: StatementRecord

    var dialect: SQLDialect { base.dialect }

    func execute(_ sql: String, _ values: [SQLValue]) throws -> Int {
        record.add(sql)
        return try base.execute(sql, values)
    }

    func query(_ sql: String, _ values: [SQLValue]) throws -> [SQLRow] {
        record.add(sql)
        return try base.query(sql, values)
    }
}

private final class StatementRecord: Sendable {
    private let state = Mutex<(seen: Set<String>, order: [String])>(([], []))

    var statements: [String] { state.withLock { $0.order } }

    func add(_ sql: String) {
        state.withLock { state in
            if state.seen.insert(sql).inserted { state.order.append(sql) }
        }
    }
}
