import Foundation
import RegistryStubs
import Synchronization
import TestSupport
import Testing

/// What browsing costs the registry, and that nobody gets what another credential may see.
@Suite("Browsing: its cost")
struct BrowseCostTests {
    private static let repositories = "/api/v2.0/projects/demo/repositories"

    private static func images(_ server: RunningServer, _ id: String, _ query: String = "") -> String {
        "/integrations/harbor/container-registry/project/\(server.first.project)/credentials/\(id)/images?\(query)"
    }

    @Test func manyClientsAtOnceAreOneFlight() async throws {
        try await withRegistries { server, stubs in
            let id = try await server.store("harbor")
            let (path, admin) = (Self.images(server, id), server.admin)
            let totals = try await withThrowingTaskGroup(of: Int?.self) { group in
                for _ in 0..<64 { group.addTask { try await admin.get(path).json["totalCount"].integer } }
                return try await group.reduce(into: []) { $0.append($1) }
            }
            #expect(totals.count == 64 && totals.allSatisfy { $0 == 25 })
            #expect(stubs.harbor.record.count(path: Self.repositories) == 1)
        }
    }

    @Test func theWholeListCostsNoMoreCallsThanItHasPages() async throws {
        try await withRegistries { server, stubs in
            stubs.harbor.state.withLock {
                $0.projects[0].repositories = StubRepository.many(1_001, prefix: "demo/many")
            }
            let id = try await server.store("harbor")
            var names: Set<String> = []
            for page in 1...11 {
                let answer = try await server.admin.get(Self.images(server, id, "page=\(page)&pageSize=100"))
                names.formUnion(try answer.json["images"].items.compactMap { $0["name"].string })
            }
            #expect(names.count == 1_001)
            #expect(stubs.harbor.record.count(path: Self.repositories) <= 11)
        }
    }

    @Test func aPageBeyondTheEndIsEmptyAndTellsTheLength() async throws {
        try await withRegistries { server, _ in
            for kind in RunningServer.kinds {
                let id = try await server.store(kind)
                let root = "/integrations/\(kind)/container-registry/project/\(server.first.project)"
                for page in ["9", "9223372036854775807"] {
                    let path =
                        kind == "dockerhub"
                        ? "\(root)/images?credentialId=\(id)&page=\(page)"
                        : "\(root)/credentials/\(id)/images?page=\(page)"
                    let answer = try await server.admin.get(path)
                    #expect(answer.status == 200 && answer["x-total-count"] == "25", "\(answer)")
                    #expect(try answer.json["images"].items.isEmpty)
                }
            }
        }
    }

    // Otherwise a robot that sees one project would be told what another saw.
    @Test func aKeptListIsForItsCredentialAndItsVersionAlone() async throws {
        try await withRegistries { server, stubs in
            stubs.harbor.state.withLock {
                $0.projects.append(
                    HarborStubProject(
                        id: 9,
                        name: "other",
                        repositories: [StubRepository("other/secret", generated: 1)]
                    )
                )
                $0.robots.append(HarborStubRobot(project: "other", name: "reader", secret: "Other-Secret-1"))
            }
            let id = try await server.store("harbor")
            let collection = CredentialPath.collection("harbor", server.first.organization)
            var body = stubs.storeBody("harbor", project: server.first.project, secret: "Other-Secret-1")
            body["harborProject"] = "other"
            body["username"] = "robot$other+reader"
            let other = try await server.admin.post(collection, body).created()
            let seen = try await server.admin.get(Self.images(server, other))
            #expect(try seen.json["images"].items.map { $0["name"].string } == ["other/secret"], "\(seen)")
            let refused = try await server.admin.get(Self.images(server, id, "harborProject=other"))
            #expect(refused.status != 200, "\(refused)")

            #expect(try await server.admin.get(Self.images(server, id)).status == 200)
            let rotation = RunningServer.rotateBody("harbor", secret: "Wrong-Secret-1")
            #expect(try await server.admin.post("\(collection)/\(id)/rotate", rotation).status == 200)
            let after = try await server.admin.get(Self.images(server, id))
            #expect((after.status, after.code) == (502, "registry-auth-failed"), "\(after)")
        }
    }

    @Test func dockerHubsSearchNeedsAKeyAndNoCredential() async throws {
        try await withRegistries { server, stubs in
            let found = try await server.admin.get("/dockerhub/search/images?query=python&pageSize=2")
            #expect(found.status == 200 && found["x-total-count"] == "3", "\(found)")
            let first = try found.json["images"][0]
            #expect(first["name"] == "python-00000" && first["isOfficial"] == true)
            #expect(try await server.caller(nil).get("/dockerhub/search/images?query=python").status == 401)
            let nothing = try await server.admin.get("/dockerhub/search/images")
            #expect(nothing.status == 200 && nothing["x-total-count"] == "0", "\(nothing)")
            let blank = try await server.admin.get("/dockerhub/search/images?query=no+such%20thing")
            #expect(blank.status == 200)
            #expect(stubs.dockerHub.hub.requests.contains { $0.query("query") == "no such thing" })
            #expect(stubs.dockerHub.hub.authorizations.isEmpty)
        }
    }
}
