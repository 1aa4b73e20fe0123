import Foundation
import Sealing
import Storage
import Tenancy
import TestSupport
import Testing

@Suite("Changing a credential")
struct CredentialChangeTests {
    private func item(_ kind: String, _ server: RunningServer, _ id: String) -> String {
        CredentialPath.collection(kind, server.first.organization) + "/\(id)"
    }

    /// What is sealed in the database, opened with the key that lies beside it.
    private func secret(_ field: String, of id: String, _ server: RunningServer) async throws -> Secret? {
        let keyring = try Keyring(RootKeyFile(path: server.dataDirectory + "/root.key").load())
        let organization = try #require(OrganizationID(server.first.organization))
        let id = try #require(CredentialID(id))
        return try await server.withDatabase { database in
            try await database.read { session in
                let store = CredentialStore(session)
                let credential = try #require(try store.find(id, kind: nil, in: organization))
                let sealed = try #require(try store.sealedSecret(of: id, in: organization))
                return try keyring.open(sealed, for: credential.sealingContext)[field]
            }
        }
    }

    @Test(arguments: RunningServer.kinds)
    func aPatchChangesWhatItNamesAndNothingElse(kind: String) async throws {
        try await withServer { server async throws in
            let id = try await server.store(kind)
            let path = item(kind, server, id)
            let before = try await server.admin.get(path).json
            let named = try await server.admin.patch(path, ["name": "  renamed  "]).json
            #expect(named["name"] == "renamed" && named["description"] == before["description"])
            #expect(named.without("name", "updatedAt") == before.without("name", "updatedAt"))
            let described = try await server.admin.patch(path, ["description": "new", "version": 9, "id": "x"]).json
            #expect(described["description"] == "new" && described["name"] == "renamed" && described["version"] == 1)
            let cleared = try await server.admin.patch(path, ["description": nil]).json
            #expect(cleared["description"] == .null && !cleared.names.contains("description"))
            let untouched = try await server.admin.patch(path, [:]).json
            #expect(untouched.without("updatedAt") == cleared.without("updatedAt"))
            for wrong in [["name": nil], ["name": " "], ["name": 7]] as [TestJSON] {
                let answer = try await server.admin.patch(path, wrong)
                #expect(answer.status == 400 && answer.fields == ["name"], "\(answer)")
            }
            #expect(try await server.admin.get(path).json == untouched)
        }
    }

    @Test(arguments: RunningServer.kinds)
    func aRotationReplacesTheSecretCountsTheVersionAndKeepsTheLinks(kind: String) async throws {
        try await withServer { server async throws in
            let second = try await server.makeProject("second")
            let id = try await server.store(kind, secret: "old")
            let both: TestJSON = [.string(server.first.project), .string(second)]
            _ = try await server.admin.put(
                CredentialPath.links(kind, server.first.organization, id),
                ["projectIds": both]
            )
            let before = try await server.admin.get(item(kind, server, id)).json
            let field = kind == "dockerhub" ? "accessToken" : "password"
            #expect(try await secret(field, of: id, server) == Secret("old"))
            for version in 2...3 {
                let body = RunningServer.rotateBody(kind, secret: "new \(version)\r\n")
                let answer = try await server.admin.post(item(kind, server, id) + "/rotate", body)
                #expect(answer.status == 200, "\(answer)")
                #expect(try answer.json["version"] == .integer(version))
                #expect(try answer.json["projectIds"] == before["projectIds"])
                #expect(try answer.json.without("version", "updatedAt") == before.without("version", "updatedAt"))
                #expect(
                    try await secret(field, of: id, server) == Secret("new \(version)"),
                    "a pasted line break is cut"
                )
            }
        }
    }

    @Test func rotationsAtOnceEitherCountOrConflict() async throws {
        try await withServer { server async throws in
            let id = try await server.store("oci")
            let path = item("oci", server, id)
            let answers = try await withThrowingTaskGroup(of: (String, Answer).self) { group in
                for number in 0..<16 {
                    group.addTask {
                        let secret = "secret \(number)"
                        return (secret, try await server.admin.post("\(path)/rotate", ["password": .string(secret)]))
                    }
                }
                return try await group.reduce(into: []) { $0.append($1) }
            }
            let done = answers.filter { $0.1.status == 200 }
            let refused = answers.filter { $0.1.status == 409 }
            #expect(done.count + refused.count == 16 && !done.isEmpty)
            #expect(refused.allSatisfy { $0.1.code == "version-changed" })
            let versions = try done.map { try $0.1.json["version"].integer ?? 0 }.sorted()
            #expect(versions == Array(2..<2 + done.count), "no two rotations have the same version")
            let last = try #require(try done.first { try $0.1.json["version"].integer == versions.last })
            #expect(try await secret("password", of: id, server) == Secret(last.0))
        }
    }

    @Test func linksAreReplacedWhole() async throws {
        try await withServer { server async throws in
            let (second, third) = (try await server.makeProject("second"), try await server.makeProject("third"))
            let id = try await server.store("harbor")
            let path = CredentialPath.links("harbor", server.first.organization, id)
            #expect(try await server.admin.get(path).json["projectIds"] == [.string(server.first.project)])
            for wanted in [[second, third], [third], [], [second], [server.first.project, second, second]] {
                let answer = try await server.admin.put(path, ["projectIds": .array(wanted.map { .string($0) })])
                #expect(answer.status == 200, "\(answer)")
                #expect(try Set(answer.json["projectIds"].items.compactMap(\.string)) == Set(wanted))
                #expect(try await server.admin.get(path).body == answer.body)
                for project in [server.first.project, second, third] {
                    let list = try await server.admin.get(
                        "/integrations/harbor/container-registry/project/\(project)/credentials"
                    )
                    #expect(try list.json.items.count == (wanted.contains(project) ? 1 : 0))
                }
            }
            for wrong in [[:], ["projectIds": nil], ["projectIds": "x"], ["projectIds": [7]], ["projectIds": ["x"]]]
                as [TestJSON]
            {
                let answer = try await server.admin.put(path, wrong)
                #expect(answer.status == 400, "\(answer)")
            }
        }
    }

    @Test func deletingAProjectUnlinksAndDeletingAnOrganizationDestroysItsSecrets() async throws {
        try await withServer { server async throws in
            let organization = try await server.makeOrganization("to go")
            let project = try await server.makeProject("to go", in: organization)
            let id = try await server.store("harbor", in: organization, project: project)
            #expect(try await server.admin.delete("/project/\(project)").status == 204)
            let path = CredentialPath.collection("harbor", organization) + "/\(id)"
            #expect(try await server.admin.get(path).json["projectIds"] == [])
            #expect(try await server.admin.delete("/organization/\(organization)").status == 204)
            #expect(try await server.admin.get(path).status == 403)
            #expect(try await !server.contents().contains { $0.hasPrefix("credential") && $0.contains(id) })
        }
    }

    @Test func aDeletedCredentialIsGone() async throws {
        try await withServer { server async throws in
            let id = try await server.store("dockerhub")
            let path = item("dockerhub", server, id)
            #expect(try await server.admin.delete(path).status == 204)
            #expect(try await server.admin.delete(path).status == 404)
            #expect(try await server.admin.get(path).status == 404)
            #expect(try await !server.contents().contains { $0.hasPrefix("credential") })
        }
    }

    @Test func aCredentialOfAnotherKindIsNotFound() async throws {
        try await withServer { server async throws in
            let id = try await server.store("dockerhub")
            for path in [
                item("harbor", server, id), item("oci", server, id),
                CredentialPath.links("harbor", server.first.organization, id),
            ] {
                #expect(try await server.admin.get(path).status == 404)
            }
            #expect(try await server.admin.delete(item("harbor", server, id)).status == 404)
            #expect(try await server.admin.get(item("dockerhub", server, id)).status == 200)
        }
    }
}
