import Tenancy
import TestSupport
import Testing

@testable import Storage

/// Migrations run once, in order, and never on a database of a newer program. Source: house.md, section 8.
@Suite struct MigrationTests {
    private func withEmptyDatabase(_ body: (SQLiteDatabase) async throws -> Void) async throws {
        try await withTemporaryDirectory { directory in
            let database = try SQLiteDatabase(path: directory.file("pratique.sqlite"))
            do {
                try await body(database)
                await database.close()
            } catch {
                await database.close()
                throw error
            }
        }
    }

    @Test func freshDatabaseGetsEveryMigrationOnce() async throws {
        try await withEmptyDatabase { database in
            let versions = Array(1...Migrator.targetVersion)
            #expect(try await Migrator(database).migrate() == versions)
            #expect(try await Migrator(database).migrate() == [])
            let applied = try await database.read { session in
                try session.query("SELECT version, name FROM schema_migration ORDER BY version LIMIT 100", [])
                    .map { (try $0.integer(0), try $0.text(1)) }
            }
            #expect(applied.map(\.0) == versions)
            #expect(applied.allSatisfy { !$0.1.isEmpty })
        }
    }

    @Test func rowsSurviveASecondStart() async throws {
        try await withEmptyDatabase { database in
            try await Migrator(database).migrate()
            let user = User.sample("Ada")
            try await database.write { try UserStore($0).insert(user) }
            try await Migrator(database).migrate()
            #expect(try await database.read { try UserStore($0).find(user.id) } == user)
        }
    }

    @Test func databaseOfANewerProgramIsRefusedAndLeftAlone() async throws {
        try await withEmptyDatabase { database in
            try await Migrator(database).migrate()
            try await database.write { session in
                try session.execute(
                    "INSERT INTO schema_migration (version, name, applied_at) VALUES ($1, $2, $3)",
                    [.integer(Migrator.targetVersion + 1), .text("of tomorrow"), .integer(1)]
                )
            }
            let error = await #expect(throws: StorageError.self) { try await Migrator(database).migrate() }
            #expect(error?.code == .schemaTooNew)
            #expect(error?.message.contains("\(Migrator.targetVersion + 1)") == true)
            #expect(
                try await database.read { try $0.count("SELECT COUNT(*) FROM schema_migration", []) } == Int(
                    Migrator.targetVersion
                ) + 1
            )
        }
    }

    /// Two nodes, or two impatient operators.
    @Test func migrationsAtTheSameTimeRunOnce() async throws {
        try await withEmptyDatabase { database in
            let ran = try await withThrowingTaskGroup(of: [Int64].self) { group in
                for _ in 0..<8 { group.addTask { try await Migrator(database).migrate() } }
                return try await group.reduce(into: []) { $0 += $1 }
            }
            #expect(ran.sorted() == Array(1...Migrator.targetVersion))
        }
    }

    /// A migration that fails leaves nothing of itself, and the next start tries again.
    @Test func failedMigrationLeavesNothing() async throws {
        try await withEmptyDatabase { database in
            try await database.write { try $0.execute("CREATE TABLE credential (id BIGINT)", []) }
            await #expect(throws: StorageError.self) { try await Migrator(database).migrate() }
            let tables = try await database.read { session in
                try session.query("SELECT name FROM sqlite_schema WHERE type = 'table' LIMIT 100", []).map {
                    try $0.text(0)
                }
            }
            #expect(tables.contains("organization"))
            #expect(!tables.contains("root_key"))
            #expect(try await database.read { try $0.count("SELECT COUNT(*) FROM schema_migration", []) } == 1)
            try await database.write { try $0.execute("DROP TABLE credential", []) }
            #expect(try await Migrator(database).migrate() == Array(2...Migrator.targetVersion))
        }
    }

    @Test func versionsCountFromOneWithoutGaps() {
        #expect(Migration.all.map(\.version) == Array(1...Migrator.targetVersion))
    }

    /// The words are the ones that both engines have; others would be taken by SQLite, which takes any word for a type.
    @Test func migrationsUseTheFourSharedTypesOnly() throws {
        let types = Set(["UUID", "BIGINT", "TEXT", "BYTEA"])
        for statement in Migration.all.flatMap(\.statements) where statement.hasPrefix("CREATE TABLE") {
            for line in statement.split(separator: "\n").dropFirst() {
                let words = line.split { $0 == " " || $0 == "," }.map(String.init)
                guard let column = words.first, column.first?.isLowercase == true else { continue }
                #expect(types.contains(words[1]), "\(line)")
                let isNullable = [
                    "email", "description", "expires_at", "last_used_at", "location", "body", "organization_id",
                    "checked_at", "report", "pinned_realm", "lease_id", "lease_until", "code", "advice",
                    "credential_id", "asked_by", "branch", "error_category", "error_code", "error_status", "error_hint",
                    "error_message", "image_id", "finding_count", "completeness", "started_at", "finished_at",
                    "index_digest", "os_family", "os_name", "path", "layer", "reason", "decided_by", "decided_at",
                    "decision_expires_at", "fixed_in", "layer_digest", "introduced_by",
                    "created_by", "last_run_at",
                ]
                #expect(line.contains("NOT NULL") || isNullable.contains(column), "\(line)")
            }
        }
    }
}
