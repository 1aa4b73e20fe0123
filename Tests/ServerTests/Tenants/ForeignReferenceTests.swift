import Foundation
import TestSupport
import Testing

/// Ids of another tenant inside of bodies are refused like ids that nobody has.
@Suite("Foreign ids in bodies")
struct ForeignReferenceTests {
    private func withTenants(_ body: (World, World, Caller) async throws -> Void) async throws {
        try await withServer { server async throws in
            let world = try await World.make(on: server, named: "alpha")
            let own = try await World.make(on: server, named: "beta")
            let caller = server.caller(try await Intruder.foreignAdministrator.key(in: world, foreign: own))
            let before = try await server.contents().filter { !$0.hasPrefix("idempotency") }
            try await body(world, own, caller)
            #expect(try await server.contents() == before, "a refused request changed something")
        }
    }

    private func refuses(
        _ caller: Caller,
        _ method: String,
        _ path: String,
        there: TestJSON,
        notThere: TestJSON,
        status: Int = 400,
        field: String?,
        _ world: World
    ) async throws {
        let first = try await caller.send(method, path, there)
        let second = try await caller.send(method, path, notThere)
        #expect(first.status == status && first.fields == [field].compactMap { $0 }, "\(first)")
        let echo = { (answer: Answer, json: TestJSON) in
            // A message may repeat the id that was sent; everything else must be the same.
            json.strings.reduce(answer.withoutItsOwn) { $0.replacing($1, with: "<sent>") }
        }
        #expect(echo(first, there) == echo(second, notThere))
    }

    @Test(arguments: RunningServer.kinds)
    func aStoreForAForeignProjectIsRefusedOnThatField(kind: String) async throws {
        try await withTenants { world, own, caller in
            try await refuses(
                caller,
                "POST",
                CredentialPath.collection(kind, own.organization),
                there: RunningServer.storeBody(kind, project: world.project),
                notThere: RunningServer.storeBody(kind, project: UUID().uuidString.lowercased()),
                field: "projectId",
                world
            )
        }
    }

    @Test func linksToAForeignProjectAreRefusedWhole() async throws {
        try await withTenants { world, own, caller in
            let path = CredentialPath.links("harbor", own.organization, try #require(own.credentials["harbor"]))
            try await refuses(
                caller,
                "PUT",
                path,
                there: ["projectIds": [.string(own.secondProject), .string(world.project)]],
                notThere: ["projectIds": [.string(own.secondProject), .string(UUID().uuidString.lowercased())]],
                field: "projectIds",
                world
            )
        }
    }

    @Test func usersOfAnotherTenantCannotBeAddedOrChanged() async throws {
        try await withTenants { world, own, caller in
            let nobody = UUID().uuidString.lowercased()
            let organization = "/organization/\(own.organization)"
            try await refuses(
                caller,
                "POST",
                "\(organization)/members",
                there: ["userId": .string(world.member), "role": "member"],
                notThere: ["userId": .string(nobody), "role": "member"],
                field: "userId",
                world
            )
            try await refuses(
                caller,
                "PUT",
                "\(organization)/member/role",
                there: ["userId": .string(world.member), "role": "manager"],
                notThere: ["userId": .string(nobody), "role": "manager"],
                status: 404,
                field: nil,
                world
            )
            try await refuses(
                caller,
                "POST",
                "/project/\(own.project)/members",
                there: ["userId": .string(world.member), "role": "analyst"],
                notThere: ["userId": .string(nobody), "role": "analyst"],
                field: "userId",
                world
            )
            try await refuses(
                caller,
                "PUT",
                "/project/\(own.project)/member/role",
                there: ["userId": .string(world.member), "role": "analyst"],
                notThere: ["userId": .string(nobody), "role": "analyst"],
                status: 404,
                field: nil,
                world
            )
        }
    }

    @Test func aKeyCannotBeNarrowedToWhatTheCallerDoesNotSee() async throws {
        try await withTenants { world, _, caller in
            let nobody = UUID().uuidString.lowercased()
            try await refuses(
                caller,
                "POST",
                "/user/api-keys",
                there: ["name": "k", "organizationId": .string(world.organization)],
                notThere: ["name": "k", "organizationId": .string(nobody)],
                field: "organizationId",
                world
            )
            try await refuses(
                caller,
                "POST",
                "/user/api-keys",
                there: ["name": "k", "projectIds": [.string(world.project)]],
                notThere: ["name": "k", "projectIds": [.string(nobody)]],
                field: "projectIds[0]",
                world
            )
        }
    }

    @Test func aBulkApplySkipsForeignProjectsAndDoesNotTellThemFromUnknownOnes() async throws {
        try await withServer { server async throws in
            let world = try await World.make(on: server, named: "alpha")
            let own = try await World.make(on: server, named: "beta")
            let caller = server.caller(try await Intruder.foreignAdministrator.key(in: world, foreign: own))
            let nobody = UUID().uuidString.lowercased()
            let operation = try #require(server.api.operations.first { $0.id == "bulkApplyCredential" })
            var body = try #require(own.body(operation))
            body["projectIds"] = [.string(world.project), .string(own.project), .string(nobody), "no-uuid"]
            let answer = try await caller.post(own.path(operation), body)
            let json = try answer.json
            #expect(answer.status == 201 && json["applied"] == [.string(own.project)], "\(answer)")
            let skipped = json["skipped"].items
            #expect(skipped.map { $0["projectId"].string } == [world.project, nobody, "no-uuid"])
            #expect(Set(skipped.map { $0["reason"] }).count == 1)
            let links = try await server.contents().filter { $0.hasPrefix("credential_project") }
            #expect(!links.contains { $0.contains(world.project) && $0.contains(own.organization) })
        }
    }
}

extension TestJSON {
    /// Every text in the value.
    var strings: [String] {
        switch self {
        case .string(let text): [text]
        case .array(let items): items.flatMap(\.strings)
        case .object(let members): members.values.flatMap(\.strings)
        default: []
        }
    }
}
