import Foundation
import Registries
import Tenancy
import TestSupport
import Testing

@testable import Storage

/// Migration 5 moves what probing came to into a table that knows the organization.
@Suite struct FairnessMigrationTests {
    @Test func whatProbesCameToSurvivesTheMove() async throws {
        let world = try World()
        try await withTemporaryDirectory { directory in
            let database = try SQLiteDatabase(path: directory.file("pratique.sqlite"))
            let outcome = Verification.sample(.verified, expiresAt: .sample + 86_400)
            let credential = try await database.write { session in
                try Self.migrate(session, to: 4)
                try world.store(in: session)
                let credential = try world.storeCredential(of: world.away, in: session)
                try session.execute(
                    """
                    INSERT INTO credential_verification (credential_id, version, state, checked_at, expires_at,
                        expiry_source, report, pinned_realm, failures, next_check_at)
                    VALUES ($1, 1, 'verified', $2, $3, 'registry', $4, 'https://auth.example', 0, $5)
                    """,
                    [
                        .uuid(credential.id.uuid), .time(.sample), .time(outcome.expiry.at),
                        .text(try outcome.report), .time(.sample + 60),
                    ]
                )
                return credential
            }
            #expect(try await Migrator(database).migrate() == Array(5...Migrator.targetVersion))
            try await database.read { session in
                let store = VerificationStore(session)
                let kept = try #require(try store.find(credential.id, in: credential.organization))
                #expect(kept.outcome == outcome && kept.pinnedRealm == "https://auth.example")
                #expect(kept.nextCheckAt == .sample + 60 && kept.version == 1)
                let read = try CredentialStore(session).find(credential.id, kind: nil, in: credential.organization)
                #expect(read?.verification.state == .verified)
                let due = try store.due(at: .sample + 60, limit: 9)
                #expect(due.map(\.credential) == [credential.id])
                #expect(due.map(\.organization) == [credential.organization])
            }
            await database.close()
        }
    }

    private static func migrate(_ session: any SQLSession, to version: Int) throws {
        try session.execute(
            "CREATE TABLE schema_migration (version BIGINT NOT NULL PRIMARY KEY, name TEXT NOT NULL, applied_at BIGINT NOT NULL)",
            []
        )
        for migration in Migration.all.prefix(version) {
            for statement in migration.statements { try session.execute(statement, []) }
            try session.execute(
                "INSERT INTO schema_migration (version, name, applied_at) VALUES ($1, $2, $3)",
                [.integer(migration.version), .text(migration.name), .time(.sample)]
            )
        }
    }
}
