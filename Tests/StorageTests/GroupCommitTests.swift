import Foundation
import Storage
import Tenancy
import TestSupport
import Testing

/// One sync serves all writes that waited, and each is undone by itself. Source: docs of ``Database/write(_:)``.
@Suite struct GroupCommitTests {
    private struct OwnError: Error, Equatable { let number: Int }

    private func insertUser(_ name: String, _ session: any SQLSession) throws -> User {
        let user = User.sample(name)
        try UserStore(session).insert(user)
        return user
    }

    @Test func concurrentWritersShareTransactions() async throws {
        try await withTemporaryDatabase { database in
            let before = database.commits
            let users = try await withHeldWriter(of: database, tasks: 64) { index in
                try await database.write { session in try insertUser("user \(index)", session) }
            }.map { try $0.get() }
            let after = database.commits
            #expect(after.bodies - before.bodies == 65)
            // The one that held the writer, and one with all that waited; a few more if a writer was slow to arrive.
            #expect(after.transactions - before.transactions <= 8)
            #expect(users.map(\.name) == (0..<64).map { "user \($0)" }, "every caller gets its own result")
            for user in users {
                #expect(try await database.read { try UserStore($0).find(user.id) } == user)
            }
        }
    }

    /// Every third body fails after it wrote; its neighbours in the same transaction stay.
    @Test func failingBodyUndoesOnlyItself() async throws {
        try await withTemporaryDatabase { database in
            let results = try await withHeldWriter(of: database, tasks: 48) { index in
                try await database.write { session in
                    let user = try insertUser("user \(index)", session)
                    switch index % 6 {
                    case 0: throw OwnError(number: index)
                    case 3: try UserStore(session).insert(user)  // its id is taken
                    default: break
                    }
                    return user
                }
            }
            for (index, result) in results.enumerated() {
                switch index % 6 {
                case 0: #expect(throws: OwnError(number: index)) { try result.get() }
                case 3:
                    let error = try #require(throws: StorageError.self) { try result.get() }
                    #expect(error.code == .uniqueViolation)
                default: #expect(try result.get().name == "user \(index)")
                }
            }
            let stored = try await database.read { session in
                try session.query("SELECT name FROM user_account LIMIT 100", []).map { try $0.text(0) }
            }
            let expected = (0..<48).filter { $0 % 3 != 0 }.map { "user \($0)" }
            #expect(Set(stored) == Set(expected))
        }
    }

    /// A statement that fails inside a body which goes on does not spoil the rest of it.
    @Test func bodyMayGoOnAfterAFailedStatement() async throws {
        try await withTemporaryDatabase { database in
            let user = User.sample("Ada")
            let code = try await database.write { session in
                try UserStore(session).insert(user)
                let code = try failure(inSession: { try UserStore(session).insert(user) })
                try UserStore(session).insert(.sample("Grace"))
                return code
            }
            #expect(code == .uniqueViolation)
            #expect(try await database.read { try $0.count("SELECT COUNT(*) FROM user_account", []) } == 2)
        }
    }

    @Test func writesSeeEarlierWritesAndReadsSeeWholeOnes() async throws {
        try await withTemporaryDatabase { database in
            try await database.write { _ = try insertUser("one", $0) }
            let seen = try await database.write { session in
                _ = try insertUser("two", session)
                return try session.count("SELECT COUNT(*) FROM user_account", [])
            }
            #expect(seen == 2)
            #expect(try await database.read { try $0.count("SELECT COUNT(*) FROM user_account", []) } == 2)
        }
    }

    /// The limit of waiting writes is 4,096; what is refused was not written, and all else was.
    @Test func writesBeyondTheLimitAreRefusedAndTheOthersKept() async throws {
        try await withTemporaryDatabase { database in
            let results = try await withHeldWriter(of: database, tasks: 4_200) { index in
                try await database.write { session in try insertUser("user \(index)", session) }
            }
            let refused = results.filter { result in
                if case .failure(let error as StorageError) = result { error.code == .overloaded } else { false }
            }
            #expect(refused.count == 4_200 - 4_096)
            #expect(results.count { (try? $0.get()) != nil } == 4_096)
            #expect(try await database.read { try $0.count("SELECT COUNT(*) FROM user_account", []) } == 4_096)
            try await database.write { _ = try insertUser("later", $0) }
        }
    }

    @Test func closedDatabaseIsUnavailableAndKeepsWhatWasAcknowledged() async throws {
        try await withTemporaryDirectory { directory in
            let path = directory.file("pratique.sqlite")
            let database = try SQLiteDatabase(path: path)
            try await Migrator(database).migrate()
            let user = try await database.write { try insertUser("Ada", $0) }
            await database.close()
            #expect(try await failure { _ = try await database.write { try insertUser("late", $0) } } == .unavailable)
            #expect(
                try await failure { _ = try await database.read { try UserStore($0).find(user.id) } } == .unavailable
            )
            await database.close()

            let again = try SQLiteDatabase(path: path)
            #expect(try await again.read { try UserStore($0).find(user.id) } == user)
            await again.close()
        }
    }

    @Test func closeWaitsForWritesThatWereBegun() async throws {
        try await withTemporaryDatabase { database in
            let results = try await withHeldWriter(of: database, tasks: 32, whileHeld: { await database.close() }) {
                index in
                try await database.write { session in try insertUser("user \(index)", session) }
            }
            #expect(results.allSatisfy { (try? $0.get()) != nil })
        }
    }
}
