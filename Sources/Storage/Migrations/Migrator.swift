import Foundation

/// Brings a database to the schema of this program.
public struct Migrator: Sendable {
    private let database: any Database

    /// The schema version that this program needs.
    public static var targetVersion: Int64 { Migration.all.last?.version ?? 0 }

    /// A migrator of `database`.
    public init(_ database: any Database) {
        self.database = database
    }

    /// Runs what is missing, each migration in a transaction of its own and under a lock; returns the versions that it ran.
    /// Throws ``StorageError/Code/schemaTooNew`` when a newer program was here.
    @discardableResult
    public func migrate() async throws -> [Int64] {
        try await database.write { session in
            try session.execute(
                """
                CREATE TABLE IF NOT EXISTS schema_migration (
                    version BIGINT NOT NULL PRIMARY KEY,
                    name TEXT NOT NULL,
                    applied_at BIGINT NOT NULL
                )
                """,
                []
            )
        }
        var applied: [Int64] = []
        for migration in Migration.all {
            let ran = try await database.write { session in try apply(migration, session) }
            if ran { applied.append(migration.version) }
        }
        return applied
    }

    private func apply(_ migration: Migration, _ session: any SQLSession) throws -> Bool {
        if session.dialect == .postgresql {
            // Two nodes that start together: the second waits here and finds the work done. SQLite has one writer anyway.
            _ = try session.query("SELECT pg_advisory_xact_lock($1)", [.integer(0x7072_6174)])
        }
        let current = try session.first("SELECT COALESCE(MAX(version), 0) FROM schema_migration", [])?.integer(0) ?? 0
        guard current <= Migrator.targetVersion else {
            throw StorageError(
                .schemaTooNew,
                """
                the database has schema version \(current), and this pratique knows only up to \
                \(Migrator.targetVersion): start a newer pratique, or restore a backup made before the upgrade
                """
            )
        }
        guard migration.version > current else { return false }
        for statement in migration.statements { try session.execute(statement, []) }
        try session.execute(
            "INSERT INTO schema_migration (version, name, applied_at) VALUES ($1, $2, $3)",
            [.integer(migration.version), .text(migration.name), .time(Date())]
        )
        return true
    }
}
