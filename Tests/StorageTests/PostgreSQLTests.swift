import Foundation
import TestSupport
import Testing

@testable import Storage

/// Both engines take the same SQL. Source: docs of ``Database``: the subset that SQLite 3.40 and PostgreSQL 15 share.
@Suite(.enabled(if: ThrowawayPostgreSQL.obstacle == nil, "\(ThrowawayPostgreSQL.obstacle ?? "")"))
struct PostgreSQLTests {
    @Test func postgreSQLTakesEveryMigrationAndPreparesEveryStatement() async throws {
        let migrations = Migration.all.flatMap(\.statements)
        let migrator = try await statementsOfTheMigrator()
        let stores = try await statementsOfTheStores()
        #expect(stores.count > 50)
        try await ThrowawayPostgreSQL.with { server in
            let heard = try await server.complaints(of: ["SELECT 1 WHERE nothing"])
            #expect(heard != [], "a complaint is heard")
            let schema = migrator.filter { $0.hasPrefix("CREATE TABLE IF") } + migrations
            let refusedMigrations = try await server.complaints(of: schema)
            #expect(refusedMigrations == [])
            // Prepared, a statement is parsed, its names are looked up and its parameters get their types.
            let own =
                ["SELECT pg_advisory_xact_lock($1)"]
                + migrator.filter { !$0.hasPrefix("CREATE") }
            let prepared = (stores + own).enumerated().map { "PREPARE s\($0.offset) AS \($0.element)" }
            let refusedStatements = try await server.complaints(of: prepared)
            #expect(refusedStatements == [])
        }
    }

    private func statementsOfTheMigrator() async throws -> [String] {
        try await withTemporaryDirectory { directory in
            let database = RecordingDatabase(try SQLiteDatabase(path: directory.file("pratique.sqlite")))
            try await Migrator(database).migrate()
            await database.close()
            let migrations = Set(Migration.all.flatMap(\.statements))
            return database.statements.filter { !migrations.contains($0) }
        }
    }
}
