import Foundation
import Tenancy
import TestSupport
import Testing

@Suite("API keys")
struct APIKeyTests {
    @Test func aKeyIsShownOnceAndExpiresUnlessItSaysOtherwise() async throws {
        try await withServer { server async throws in
            let made = try await server.admin.post("/user/api-keys", ["name": "ci"])
            let json = try made.json
            let key = try #require(json["key"].string)
            #expect(key.hasPrefix("prq_") && APIKeyText(key) != nil)
            #expect(json["neverExpires"] == false)
            let expiry = try Date(
                try #require(json["expiresAt"].string),
                strategy: .iso8601.year().month().day().time(includingFractionalSeconds: true)
            )
            #expect(abs(expiry.timeIntervalSinceNow - 90 * 86_400) < 3_600)
            #expect(try await !server.admin.get("/user/api-keys").text.contains(key))
            #expect(try await !server.contents().contains { $0.contains(key.suffix(58)) })
            let forever = try await server.admin.post("/user/api-keys", ["name": "f", "neverExpires": true]).json
            #expect(forever["expiresAt"] == .null && forever["neverExpires"] == true)
            for wrong in [
                ["name": "k", "expiresAt": "2020-01-01T00:00:00Z"], ["name": "k", "expiresAt": "tomorrow"],
                ["name": "k", "expiresAt": "2999-01-01T00:00:00Z", "neverExpires": true],
            ] as [TestJSON] {
                let answer = try await server.admin.post("/user/api-keys", wrong)
                #expect(answer.status == 400 && answer.fields == ["expiresAt"], "\(answer)")
            }
        }
    }

    @Test func aNarrowedKeyCannotMakeAWiderOne() async throws {
        try await withServer { server async throws in
            let second = try await server.makeProject("second")
            let read = server.caller(try await server.makeKey(for: server.first.user, permissions: .read))
            let project = server.caller(
                try await server.makeKey(for: server.first.user, projects: [server.first.project])
            )
            let bound = server.caller(
                try await server.makeKey(for: server.first.user, organization: server.first.organization)
            )
            let other = try await server.makeOrganization("other")
            let wider = try await read.post(
                "/user/api-keys",
                ["name": "k", "permissions": ["read", "manage_integration"]]
            )
            #expect(wider.status == 403, "\(wider)")
            let elsewhere = try await project.post("/user/api-keys", ["name": "k", "projectIds": [.string(second)]])
            #expect(elsewhere.status == 400, "\(elsewhere)")
            let foreign = try await bound.post("/user/api-keys", ["name": "k", "organizationId": .string(other)])
            #expect(foreign.status == 403, "\(foreign)")
            // What is not said is inherited, not widened.
            let heirs = [
                try await read.post("/user/api-keys", ["name": "r"]),
                try await project.post("/user/api-keys", ["name": "p"]),
                try await bound.post("/user/api-keys", ["name": "b"]),
            ]
            let scopes = try heirs.map { try $0.json }
            #expect(scopes[0]["permissions"] == ["read"])
            #expect(
                scopes[1]["projectIds"] == [.string(server.first.project)] && scopes[1]["narrowedToProjects"] == true
            )
            #expect(scopes[2]["organizationId"] == .string(server.first.organization))
            for (heir, path) in zip(
                scopes,
                ["/organization/\(server.first.organization)/project", "/project/\(second)", "/organization/\(other)"]
            ) {
                let caller = server.caller(heir["key"].string)
                let answer = try await caller.send(
                    path.hasSuffix("/project") ? "POST" : "GET",
                    path,
                    path.hasSuffix("/project") ? ["name": "x"] : nil
                )
                #expect(answer.status == 403, "\(answer)")
            }
        }
    }

    @Test func aKeyNarrowedToADeletedProjectOpensNothing() async throws {
        try await withServer { server async throws in
            let project = try await server.makeProject("to go")
            let key = server.caller(try await server.makeKey(for: server.first.user, projects: [project]))
            #expect(try await key.get("/project/\(project)").status == 200)
            #expect(try await server.admin.delete("/project/\(project)").status == 204)
            #expect(try await key.get("/project/\(server.first.project)").status == 403)
            #expect(try await key.get("/organization/\(server.first.organization)/credentials").status == 403)
        }
    }

    @Test func aRevokedKeyStopsAtOnceAndSoDoItsAccessTokens() async throws {
        try await withServer { server async throws in
            let made = try await server.admin.post("/user/api-keys", ["name": "k"])
            let key = try #require(try made.json["key"].string)
            let token = try await server.caller(nil).exchange(key).json["access_token"].string ?? ""
            let bearer = [("Authorization", "Bearer \(token)")]
            #expect(try await server.caller(nil).send("GET", "/user/profile", headers: bearer).status == 200)
            #expect(try await server.admin.delete("/user/api-keys/\(made.created())").status == 204)
            #expect(try await server.caller(nil).send("GET", "/user/profile", headers: bearer).status == 401)
            #expect(try await server.caller(key).get("/user/profile").status == 401)
        }
    }

    @Test func aTokenIsNoBetterThanItsKey() async throws {
        try await withServer { server async throws in
            let key = try await server.makeKey(for: server.first.user, permissions: .read)
            let token = try await server.caller(nil).exchange(key).json["access_token"].string ?? ""
            let bearer = [("Authorization", "Bearer \(token)")]
            let path = "/organization/\(server.first.organization)"
            #expect(try await server.caller(nil).send("GET", path, headers: bearer).status == 200)
            #expect(try await server.caller(nil).send("PATCH", path, ["name": "x"], headers: bearer).status == 403)
            let forged = token.dropLast(4) + (token.hasSuffix("AAAA") ? "BBBB" : "AAAA")
            let wrong = [("Authorization", "Bearer \(forged)")]
            #expect(try await server.caller(nil).send("GET", path, headers: wrong).status == 401)
        }
    }

    @Test func bothHeadersAreTakenAndTheKeyHeaderGoesFirst() async throws {
        try await withServer { server async throws in
            let bearer = [("Authorization", "Bearer \(server.first.key)")]
            #expect(try await server.caller(nil).send("GET", "/user/profile", headers: bearer).status == 200)
            let lower = [("authorization", "bearer \(server.first.key)")]
            #expect(try await server.caller(nil).send("GET", "/user/profile", headers: lower).status == 200)
            #expect(try await server.caller("wrong").send("GET", "/user/profile", headers: bearer).status == 401)
        }
    }

    @Test func theLastUseIsWrittenDown() async throws {
        try await withServer { server async throws in
            let made = try await server.admin.post("/user/api-keys", ["name": "used"])
            #expect(try made.json["lastUsedAt"] == .null)
            _ = try await server.caller(made.json["key"].string).get("/user/profile")
            // Written in the background within a second; asked for until it is there.
            var last: TestJSON = .null
            while last == .null {
                let list = try await server.admin.get("/user/api-keys").json["apiKeys"].items
                last = list.first { $0["name"] == "used" }?["lastUsedAt"] ?? "gone"
            }
            #expect(last.string?.hasSuffix("Z") == true)
        }
    }
}
