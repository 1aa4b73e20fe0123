import TestSupport
import Testing

@Suite("An organization always has an administrator")
struct AdministratorTests {
    @Test func theLastOneCannotBeDemotedOrRemovedByAnybody() async throws {
        try await withServer { server async throws in
            let organization = "/organization/\(server.first.organization)"
            let demotions: [TestJSON] = ["manager", "member"]
            for role in demotions {
                let answer = try await server.admin.put(
                    "\(organization)/member/role",
                    ["userId": .string(server.first.user), "role": role]
                )
                #expect((answer.status, answer.code) == (409, "last-administrator"), "\(answer)")
            }
            let removal = try await server.admin.delete("\(organization)/members/\(server.first.user)")
            #expect((removal.status, removal.code) == (409, "last-administrator"), "\(removal)")
            let same = try await server.admin.put(
                "\(organization)/member/role",
                ["userId": .string(server.first.user), "role": "administrator"]
            )
            #expect(same.status == 200)
        }
    }

    @Test func withASecondOneTheFirstMayGo() async throws {
        try await withServer { server async throws in
            let organization = "/organization/\(server.first.organization)"
            let second = try await server.makeMember("second", role: "administrator")
            let caller = server.caller(try await server.makeKey(for: second))
            #expect(try await caller.delete("\(organization)/members/\(server.first.user)").status == 204)
            #expect(try await server.admin.get(organization).status == 403, "its key opens nothing here any more")
            #expect(try await caller.delete("\(organization)/members/\(second)").status == 409)
        }
    }

    @Test func twoAdministratorsThatRemoveEachOtherLeaveOne() async throws {
        try await withServer { server async throws in
            let organization = "/organization/\(server.first.organization)"
            let second = try await server.makeMember("second", role: "administrator")
            let caller = server.caller(try await server.makeKey(for: second))
            async let one = server.admin.delete("\(organization)/members/\(second)")
            async let other = caller.delete("\(organization)/members/\(server.first.user)")
            let statuses = try await [one.status, other.status]
            #expect(statuses.count { $0 == 204 } == 1, "\(statuses)")
            let left = try await server.contents().filter { $0.hasPrefix("member:") && $0.contains("administrator") }
            #expect(left.count == 1)
        }
    }

    @Test func aRemovedMembersRolesAndBoundKeysGoWithIt() async throws {
        try await withServer { server async throws in
            let organization = "/organization/\(server.first.organization)"
            let added = try await server.admin.post(
                "\(organization)/members",
                ["name": "m", "role": "manager", "issueKey": true]
            )
            let user = try added.created("userId")
            let key = try added.json["apiKey"]["key"].string
            _ = try await server.admin.post(
                "/project/\(server.first.project)/members",
                ["userId": .string(user), "role": "developer"]
            ).created("userId")
            #expect(try await server.caller(key).get(organization).status == 200)
            #expect(try await server.admin.delete("\(organization)/members/\(user)").status == 204)
            #expect(try await server.caller(key).from("127.3.3.3").get(organization).status == 401)
            #expect(try await server.admin.get("/project/\(server.first.project)/members").json["total"] == 0)
        }
    }

    @Test func whoIsAMemberAlreadyIsNotAddedAgain() async throws {
        try await withServer { server async throws in
            let user = try await server.makeMember("m", role: "member")
            for path in [
                "/organization/\(server.first.organization)/members", "/project/\(server.first.project)/members",
            ] {
                let role: TestJSON = path.hasPrefix("/project") ? "analyst" : "member"
                let body: TestJSON = ["userId": .string(user), "role": role]
                if path.hasPrefix("/project") { _ = try await server.admin.post(path, body).created("userId") }
                let answer = try await server.admin.post(path, body)
                #expect((answer.status, answer.code) == (409, "conflict"), "\(answer)")
            }
        }
    }

    @Test func aProjectsNameIsTakenOnce() async throws {
        try await withServer { server async throws in
            let path = "/organization/\(server.first.organization)/project"
            _ = try await server.makeProject("one")
            let again = try await server.admin.post(path, ["name": "one"])
            #expect((again.status, again.code, again.fields) == (409, "name-taken", ["name"]), "\(again)")
            let rename = try await server.admin.patch("/project/\(server.first.project)", ["name": "one"])
            #expect((rename.status, rename.code) == (409, "name-taken"), "\(rename)")
            let other = try await server.makeOrganization("other")
            _ = try await server.makeProject("one", in: other)
        }
    }
}
