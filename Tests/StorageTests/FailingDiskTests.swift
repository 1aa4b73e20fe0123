import Foundation
import Storage
import Tenancy
import TestSupport
import Testing

/// A disk that takes no more costs the writes that it did not take, and nothing that was acknowledged.
@Suite struct FailingDiskTests {
    private let filling = String(repeating: "x", count: 2_000)

    private func pragma(_ text: String, on database: SQLiteDatabase) async throws -> Int64? {
        try await database.write { try $0.first("PRAGMA \(text)", [])?.integer(0) }
    }

    /// Stores users until one is refused; returns those that were acknowledged and the code of the refusal.
    private func fill(_ database: SQLiteDatabase) async throws -> (stored: [User], code: StorageError.Code?) {
        var stored: [User] = []
        for _ in 0..<1_000 {
            let user = User.sample(filling)
            do {
                try await database.write { try UserStore($0).insert(user) }
                stored.append(user)
            } catch let error as StorageError {
                return (stored, error.code)
            }
        }
        return (stored, nil)
    }

    @Test func fullDiskLosesNothingAcknowledgedAndWorksAgainWithRoom() async throws {
        try await withTemporaryDatabase { database in
            let size = try #require(try await pragma("page_count", on: database))
            _ = try await pragma("max_page_count = \(size + 20)", on: database)
            let (stored, code) = try await fill(database)
            #expect(code == .unavailable)
            #expect(stored.count > 5)
            #expect(try await database.read { try $0.count("SELECT COUNT(*) FROM user_account", []) } == stored.count)

            _ = try await pragma("max_page_count = 1000000", on: database)
            let late = User.sample(filling)
            try await database.write { try UserStore($0).insert(late) }
            for user in stored + [late] {
                #expect(try await database.read { try UserStore($0).find(user.id) } == user)
            }
            #expect(try await database.read { try $0.first("PRAGMA integrity_check", [])?.text(0) } == "ok")
        }
    }

    /// The writes of one transaction fail together, and every caller is told.
    @Test func everyCallerOfAFullTransactionIsTold() async throws {
        try await withTemporaryDatabase { database in
            let size = try #require(try await pragma("page_count", on: database))
            _ = try await pragma("max_page_count = \(size + 10)", on: database)
            let results = try await withHeldWriter(of: database, tasks: 64) { _ in
                let user = User.sample(filling)
                try await database.write { try UserStore($0).insert(user) }
                return user
            }
            let acknowledged = Set(results.compactMap { try? $0.get().id })
            let codes = results.compactMap { result -> StorageError.Code? in
                if case .failure(let error as StorageError) = result { error.code } else { nil }
            }
            #expect(!codes.isEmpty && codes.allSatisfy { $0 == .unavailable })
            #expect(codes.count + acknowledged.count == 64)
            let stored = try await database.read { session in
                Set(try session.query("SELECT id FROM user_account LIMIT 100", []).map { UserID(try $0.uuid(0)) })
            }
            #expect(stored == acknowledged)
        }
    }

    @Test func readOnlyDatabaseIsUnavailableForWritesAndStillRead() async throws {
        try await withTemporaryDirectory { directory in
            let path = directory.file("pratique.sqlite")
            let database = try SQLiteDatabase(path: path)
            try await Migrator(database).migrate()
            let user = User.sample("Ada")
            try await database.write { try UserStore($0).insert(user) }
            _ = try await pragma("query_only = 1", on: database)
            for _ in 0..<3 {
                let code = try await failure { try await database.write { try UserStore($0).insert(.sample("late")) } }
                #expect(code == .unavailable)
            }
            #expect(try await database.read { try UserStore($0).find(user.id) } == user)
            await database.close()

            let again = try SQLiteDatabase(path: path)
            #expect(try await again.read { try $0.count("SELECT COUNT(*) FROM user_account", []) } == 1)
            try await again.write { try UserStore($0).insert(.sample("later")) }
            await again.close()
        }
    }

    /// A body that reads must not write: the reader's connection refuses it.
    @Test func readCannotWrite() async throws {
        try await withTemporaryDatabase { database in
            let code = try await failure { try await database.read { try UserStore($0).insert(.sample("x")) } }
            #expect(code == .unavailable)
            #expect(try await database.read { try UserStore($0).isEmpty() })
        }
    }

    @Test func fileThatIsNoDatabaseIsRefused() async throws {
        try withTemporaryDirectory { directory in
            let path = directory.file("pratique.sqlite")
            try Data((0..<8_192).map { _ in UInt8.random(in: 1...255) }).write(to: URL(fileURLWithPath: path))
            let error = try #require(throws: StorageError.self) { try SQLiteDatabase(path: path) }
            #expect(error.code == .corrupt)
            let missing = try #require(throws: StorageError.self) {
                try SQLiteDatabase(path: directory.file("none/pratique.sqlite"))
            }
            #expect(missing.code == .unavailable)
        }
    }

    @Test func wrongStatementIsOurMistakeAndShowsNoValues() async throws {
        try await withTemporaryDatabase { database in
            let canary = CanarySecret()
            let error = await #expect(throws: StorageError.self) {
                try await database.write {
                    _ = try $0.query("SELECT nothing FROM nowhere WHERE a = $1", [.text(canary.text)])
                }
            }
            #expect(error?.code == .invalidStatement)
            let user = User.sample(canary.text)
            let twice = await #expect(throws: StorageError.self) {
                try await database.write { session in
                    try UserStore(session).insert(user)
                    try UserStore(session).insert(user)
                }
            }
            for error in [error, twice] { #expect(!canary.isIn("\(String(reflecting: error))")) }
        }
    }
}
