import Foundation
import GRDB
import Sealing
import Storage
import Tenancy
import TestSupport
import Testing

/// An acknowledged write survives, and a deleted secret does not. Source: product.md, promises 1 and 5.
@Suite struct DurabilityTests {
    // `synchronous` 2 is FULL; `secure_delete` 1 overwrites what is deleted; the log is moved by SQLiteCheckpointer and not by
    // SQLite itself. Source: sqlite.org/pragma.html.
    @Test(
        arguments: [
            ("journal_mode", .text("wal")), ("synchronous", .integer(2)), ("foreign_keys", .integer(1)),
            ("secure_delete", .integer(1)), ("trusted_schema", .integer(0)), ("wal_autocheckpoint", .integer(0)),
        ] as [(String, SQLValue)]
    )
    func writerIsSetFor(pragma: String, value: SQLValue) async throws {
        try await withTemporaryDatabase { database in
            let found = try await database.write { try $0.first("PRAGMA \(pragma)", [])?.values.first }
            #expect(found == value)
        }
    }

    /// What a power failure leaves is at least the file and its log at the moment of the answer: a copy of both has the row.
    @Test func acknowledgedWriteIsInTheFiles() async throws {
        try await withTemporaryDirectory { directory in
            let database = try SQLiteDatabase(path: directory.file("pratique.sqlite"))
            try await Migrator(database).migrate()
            for number in 0..<5 {
                let user = User.sample("user \(number)")
                try await database.write { try UserStore($0).insert(user) }
                for suffix in ["", "-wal"] {
                    try Data(directory.contents(of: "pratique.sqlite\(suffix)"))
                        .write(to: URL(fileURLWithPath: directory.file("copy\(number).sqlite\(suffix)")))
                }
                let copy = try SQLiteDatabase(path: directory.file("copy\(number).sqlite"))
                #expect(try await copy.read { try UserStore($0).find(user.id) } == user)
                await copy.close()
            }
            await database.close()
        }
    }

    @Test func deletedCredentialLeavesNoCiphertextInTheFile() async throws {
        let world = try World()
        try await withTemporaryDirectory { directory in
            let path = directory.file("pratique.sqlite")
            let database = try SQLiteDatabase(path: path)
            try await Migrator(database).migrate()
            // One that fits in a row, one that needs overflow pages, and one that goes with its organization.
            let kept = world.credential(of: world.away)
            let small = world.credential(of: world.home)
            let large = world.credential(of: world.home)
            let last = world.credential(of: world.home)
            let sealed = try [
                (kept, world.seal("kept", for: kept)), (small, world.seal("small", for: small)),
                (large, world.seal(String(repeating: "x", count: 16_000), for: large)),
                (last, world.seal("last", for: last)),
            ]
            try await database.write { session in
                try world.store(in: session)
                for (credential, secret) in sealed { try CredentialStore(session).insert(credential, sealed: secret) }
            }
            try checkpoint(path)
            var bytes = try directory.contents(of: "pratique.sqlite")
            for (_, secret) in sealed { expect(secret, in: bytes, true) }

            try await database.write { session in
                for credential in [small, large] {
                    _ = try CredentialStore(session).delete(credential.id, kind: .harbor, in: credential.organization)
                }
                try OrganizationStore(session).delete(world.home.organization.id)
            }
            try checkpoint(path)
            bytes = try directory.contents(of: "pratique.sqlite")
            for (credential, secret) in sealed {
                expect(secret, in: bytes, credential.id == kept.id)
            }
            await database.close()
            for file in try directory.files() {
                let bytes = try directory.contents(of: file)
                for (credential, secret) in sealed where credential.id != kept.id { expect(secret, in: bytes, false) }
            }
        }
    }

    /// Rotation leaves the new ciphertext only.
    @Test func rotatedSecretLeavesNoOldCiphertextInTheFile() async throws {
        let world = try World()
        try await withTemporaryDirectory { directory in
            let path = directory.file("pratique.sqlite")
            let database = try SQLiteDatabase(path: path)
            try await Migrator(database).migrate()
            var credential = world.credential(of: world.home)
            let old = try world.seal("old", for: credential)
            let first = credential
            try await database.write { session in
                try world.store(in: session)
                try CredentialStore(session).insert(first, sealed: old)
            }
            credential.version = 2
            let second = credential
            let new = try world.seal(String(repeating: "new", count: 9), for: second)
            #expect(try await database.write { try CredentialStore($0).replaceSecret(of: second, with: new) })
            try checkpoint(path)
            let bytes = try directory.contents(of: "pratique.sqlite")
            expect(old, in: bytes, false)
            expect(new, in: bytes, true)
            await database.close()
        }
    }

    /// Expects that some 16 bytes of the ciphertext or of the wrapped key stand in `bytes`, sampled at every 64, or that none do.
    private func expect(
        _ sealed: SealedSecret,
        in bytes: [UInt8],
        _ expected: Bool,
        _ location: SourceLocation = #_sourceLocation
    ) {
        let stored = sealed.stored
        let haystack = Data(bytes)
        let isHeld = stride(from: 9, to: stored.count - 16, by: 64).contains { offset in
            haystack.range(of: Data(stored[offset..<offset + 16])) != nil
        }
        #expect(isHeld == expected, sourceLocation: location)
    }

    /// Moves the log into the file, from a connection of its own, as another process would.
    private func checkpoint(_ path: String) throws {
        var configuration = Configuration()
        configuration.busyMode = .timeout(5)
        let queue = try DatabaseQueue(path: path, configuration: configuration)
        try queue.inDatabase { database in
            let busy = try Int.fetchOne(database, sql: "PRAGMA wal_checkpoint(TRUNCATE)")
            #expect(busy == 0)
        }
        try queue.close()
    }
}
