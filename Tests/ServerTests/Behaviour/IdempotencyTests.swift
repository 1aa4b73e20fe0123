import Foundation
import Storage
import Tenancy
import TestSupport
import Testing

@Suite("Idempotency-Key")
struct IdempotencyTests {
    private func body(_ server: RunningServer, _ label: String = "it") -> TestJSON {
        RunningServer.storeBody("harbor", project: server.first.project, label: label)
    }

    private func path(_ server: RunningServer) -> String {
        CredentialPath.collection("harbor", server.first.organization)
    }

    private func count(_ server: RunningServer) async throws -> Int {
        try await server.admin.get(path(server)).json.items.count
    }

    @Test func theSameRequestAgainGetsTheSameAnswerAndStoresNothing() async throws {
        try await withServer { server async throws in
            let header = [("Idempotency-Key", "one")]
            let first = try await server.admin.post(path(server), body(server), headers: header)
            let again = try await server.admin.post(path(server), body(server), headers: header)
            #expect(first.status == 201 && again.status == 201)
            #expect(again.body == first.body && again["location"] == first["location"])
            #expect(again["idempotency-replayed"] == "true" && first["idempotency-replayed"] == nil)
            #expect(try await count(server) == 1)
        }
    }

    @Test func theKeyWithAnotherBodyOrPathIsAConflict() async throws {
        try await withServer { server async throws in
            let header = [("Idempotency-Key", "one")]
            _ = try await server.admin.post(path(server), body(server), headers: header).created()
            let other = try await server.admin.post(path(server), body(server, "other"), headers: header)
            #expect((other.status, other.code) == (409, "idempotency-key-reused"), "\(other)")
            let elsewhere = try await server.admin.post("/organizations", ["name": "x"], headers: header)
            #expect((elsewhere.status, elsewhere.code) == (409, "idempotency-key-reused"), "\(elsewhere)")
            #expect(try await count(server) == 1)
        }
    }

    @Test func aKeyBelongsToItsUser() async throws {
        try await withServer { server async throws in
            let user = try await server.makeMember("second", role: "manager")
            let second = server.caller(try await server.makeKey(for: user))
            let header = [("Idempotency-Key", "one")]
            let first = try await server.admin.post(path(server), body(server), headers: header).created()
            let other = try await second.post(path(server), body(server), headers: header).created()
            #expect(first != other)
        }
    }

    @Test func aReplayNeedsThePermissionThatTheRequestNeeds() async throws {
        try await withServer { server async throws in
            let header = [("Idempotency-Key", "one")]
            _ = try await server.admin.post(path(server), body(server), headers: header).created()
            let narrowed = server.caller(try await server.makeKey(for: server.first.user, permissions: .read))
            #expect(try await narrowed.post(path(server), body(server), headers: header).status == 403)
        }
    }

    @Test func aFailedRequestKeepsNoAnswer() async throws {
        try await withServer { server async throws in
            let header = [("Idempotency-Key", "one")]
            let wrong = try await server.admin.post(path(server), body(server).without("harborUrl"), headers: header)
            #expect(wrong.status == 400)
            _ = try await server.admin.post(path(server), body(server), headers: header).created()
        }
    }

    @Test func anAnswerThatShowedAKeyIsNotRepeated() async throws {
        try await withServer { server async throws in
            let header = [("Idempotency-Key", "one")]
            let first = try await server.admin.post("/user/api-keys", ["name": "k"], headers: header)
            let again = try await server.admin.post("/user/api-keys", ["name": "k"], headers: header)
            #expect(first.status == 201)
            #expect((again.status, again.code) == (409, "idempotency-not-repeatable"), "\(again)")
            #expect(try await server.admin.get("/user/api-keys").json["total"] == 2)
        }
    }

    @Test func sixteenAtOnceStoreOneCredential() async throws {
        try await withServer { server async throws in
            let answers = try await withThrowingTaskGroup(of: Answer.self) { group in
                for _ in 0..<16 {
                    group.addTask {
                        try await server.admin.post(path(server), body(server), headers: [("Idempotency-Key", "one")])
                    }
                }
                return try await group.reduce(into: []) { $0.append($1) }
            }
            #expect(answers.allSatisfy { $0.status == 201 })
            #expect(Set(answers.map(\.text)).count == 1)
            #expect(answers.count { $0["idempotency-replayed"] == nil } == 1)
            #expect(try await count(server) == 1)
        }
    }

    @Test func aDayLaterTheKeyIsNew() async throws {
        try await withServer { server async throws in
            let header = [("Idempotency-Key", "one")]
            let first = try await server.admin.post(path(server), body(server), headers: header).created()
            try await server.withDatabase { database in
                try await database.write { session throws in
                    // A day and a second ago, in the store's own unit.
                    let moved = Date(timeIntervalSinceNow: -IdempotencyStore.lifetime - 1)
                    #expect(try session.execute("UPDATE idempotency SET created_at = $1", [.time(moved)]) == 1)
                }
            }
            let again = try await server.admin.post(path(server), body(server), headers: header)
            #expect(try again.created() != first && again["idempotency-replayed"] == nil)
        }
    }

    @Test func aRotationIsRepeatedWithoutASecondVersion() async throws {
        try await withServer { server async throws in
            let id = try await server.store("harbor")
            let header = [("Idempotency-Key", "one")]
            let rotate = "\(path(server))/\(id)/rotate"
            let first = try await server.admin.post(rotate, ["password": "next"], headers: header)
            let again = try await server.admin.post(rotate, ["password": "next"], headers: header)
            #expect(first.status == 200 && again.body == first.body)
            #expect(try await server.admin.get("\(path(server))/\(id)").json["version"] == 2)
        }
    }
}
