import Foundation
import RegistryStubs
import Synchronization
import TestSupport
import Testing

/// What a registry holds, through the published operations, over stubs that keep the registries' rules.
@Suite("Browsing")
struct BrowseTests {
    /// The path of a list of `kind`; `rest` begins with a slash.
    private static func path(_ kind: String, _ project: String, _ credential: String, _ rest: String) -> String {
        let root = "/integrations/\(kind)/container-registry/project/\(project)"
        return kind == "dockerhub"
            ? "\(root)\(rest)?credentialId=\(credential)&" : "\(root)/credentials/\(credential)\(rest)?"
    }

    private static func inPath(_ kind: String) -> String { StubRegistries.repositories[kind]?.inPath ?? "" }

    @Test(arguments: RunningServer.kinds)
    func theUnionOfThePagesIsTheList(kind: String) async throws {
        try await withRegistries { server, _ in
            let path = Self.path(kind, server.first.project, try await server.store(kind), "/images")
            var names: [String] = []
            for page in 1...5 {
                let answer = try await server.admin.get("\(path)page=\(page)&pageSize=7")
                let json = try answer.json
                #expect(answer.status == 200, "\(answer)")
                #expect(answer["x-total-count"] == "25" && json["totalCount"] == 25)
                #expect(json["page"] == .integer(page) && json["pageSize"] == 7)
                #expect((answer["link"] ?? "").contains("rel=\"next\"") == (page < 4))
                #expect(answer["age"].flatMap { Int($0) } != nil)
                names += json["images"].items.compactMap { $0["repositoryName"].string }
            }
            #expect(names.count == 25 && Set(names).count == 25)
            #expect(names.contains(StubRegistries.repositories[kind]?.name ?? ""))
        }
    }

    @Test(arguments: RunningServer.kinds)
    func everySpellingOfARepositoryMeansTheSame(kind: String) async throws {
        try await withRegistries { server, _ in
            let id = try await server.store(kind)
            let name = try #require(StubRegistries.repositories[kind]?.name)
            for spelling in [name.replacing("/", with: "%2F"), name.replacing("/", with: "%252f")] {
                let answer = try await server.admin.get(
                    Self.path(kind, server.first.project, id, "/images/\(spelling)/tags")
                )
                #expect(answer.status == 200, "\(answer)")
                #expect(try answer.json["repository"] == .string(name))
                #expect(Set(try answer.json["tags"].items.compactMap { $0["name"].string }) == ["v0", "v1"])
            }
        }
    }

    // A registry is not even asked for these: they cannot be names, and some of them would be another path.
    @Test(arguments: [
        "..", "%2e%2e", "a%2F..%2Fb", "a%252F%252e%252e", "A", "a%2F%2Fb", "a%00", "a%20b", "-a", "a%3Fb",
    ])
    func whatIsNoRepositoryIsNotFound(text: String) async throws {
        try await withRegistries { server, stubs in
            let id = try await server.store("oci")
            let answer = try await server.admin.get(
                Self.path("oci", server.first.project, id, "/images/\(text)/tags")
            )
            #expect((answer.status, answer.code) == (404, "repository-not-found"), "\(answer)")
            #expect(!stubs.oci.record.targets.contains { $0.contains("tags/list") })
        }
    }

    @Test(arguments: RunningServer.kinds)
    func aProjectWithoutTheLinkMayNotBrowseAndNobodyIsAsked(kind: String) async throws {
        try await withRegistries { server, stubs in
            let linked = try await server.makeProject("linked")
            let id = try await server.store(kind, project: linked)
            let foreign = try await server.makeOrganization("foreign")
            let elsewhere = try await server.store(
                kind,
                in: foreign,
                project: try await server.makeProject("theirs", in: foreign)
            )
            for rest in ["/images", "/images/\(Self.inPath(kind))/tags"] + (kind == "harbor" ? ["/projects"] : []) {
                for (credential, status, code) in [
                    (id, 403, "credential-not-linked"), (elsewhere, 404, "credential-not-found"),
                    (UUID().uuidString.lowercased(), 404, "credential-not-found"),
                ] {
                    let answer = try await server.admin.get(Self.path(kind, server.first.project, credential, rest))
                    #expect((answer.status, answer.code) == (status, code), "\(answer)")
                }
                let answer = try await server.admin.get(Self.path(kind, linked, id, rest))
                #expect(answer.status == 200, "\(answer)")
            }
            _ = stubs
        }
    }

    @Test(arguments: RunningServer.kinds)
    func anotherKindsPathDoesNotFindTheCredential(kind: String) async throws {
        try await withRegistries { server, _ in
            let id = try await server.store(kind)
            for other in RunningServer.kinds where other != kind {
                let answer = try await server.admin.get(Self.path(other, server.first.project, id, "/images"))
                #expect((answer.status, answer.code) == (404, "credential-not-found"), "\(answer)")
            }
        }
    }

    @Test(arguments: RunningServer.kinds)
    func aRefusedSecretIsTheRegistrysTroubleAndNotTheKeys(kind: String) async throws {
        try await withRegistries { server, _ in
            let id = try await server.store(kind, secret: "Wrong-Secret-1")
            let answer = try await server.admin.get(Self.path(kind, server.first.project, id, "/images"))
            let json = try answer.json
            #expect((answer.status, answer.code) == (502, "registry-auth-failed"), "\(answer)")
            #expect(json["upstream"]["registry"].string?.isEmpty == false)
            #expect(json["hint"].string?.isEmpty == false && answer["www-authenticate"] == nil)
        }
    }

    @Test func harborsProjectsAreThoseOfTheCredentialAndAnotherOneCanBeNamed() async throws {
        try await withRegistries { server, stubs in
            stubs.harbor.state.withLock {
                $0.projects.append(
                    HarborStubProject(
                        id: 8,
                        name: "base",
                        isPublic: true,
                        repositories: [
                            StubRepository("base/alpine", generated: 1)
                        ]
                    )
                )
            }
            let id = try await server.store("harbor")
            let path = { Self.path("harbor", server.first.project, id, $0) }
            let projects = try await server.admin.get(path("/projects"))
            #expect(projects.status == 200, "\(projects)")
            let own = try #require(try projects.json["projects"].items.first { $0["name"] == "demo" })
            #expect(own["projectId"] == 7 && own["isPublic"] == false && own["repoCount"] == 25)
            let images = try await server.admin.get(path("/images") + "harborProject=base")
            #expect(try images.json["images"].items.map { $0["name"].string } == ["base/alpine"], "\(images)")
            #expect(try images.json["images"][0]["projectName"] == "base")
            let tags = try await server.admin.get(path("/images/alpine/tags") + "harborProject=base")
            #expect(try tags.json["tags"].items.count == 1, "\(tags)")
            let missing = try await server.admin.get(path("/images") + "harborProject=nothing")
            #expect([404, 502].contains(missing.status), "\(missing)")
        }
    }

    @Test func signaturesAndChartsAreListedOnlyWhenTheyAreAskedFor() async throws {
        try await withRegistries { server, stubs in
            let image = StubArtifact.image("signed", tags: ["1.0"])
            stubs.harbor.state.withLock {
                $0.projects[0].repositories.append(
                    StubRepository(
                        "demo/signed",
                        [
                            image, .signature(of: image.digest), .chart("chart", tags: ["chart-1"]),
                        ]
                    )
                )
            }
            let id = try await server.store("harbor")
            let path = Self.path("harbor", server.first.project, id, "/images/signed/tags")
            let plain = try await server.admin.get(path)
            #expect(try plain.json["tags"].items.map { $0["name"].string } == ["1.0"], "\(plain)")
            #expect(plain["x-total-count"] == "1")
            #expect(try plain.json["tags"][0]["digest"] == .string(image.digest))
            let all = try await server.admin.get(path + "include=artifacts")
            let kinds = try all.json["tags"].items.compactMap { $0["kind"].string }
            #expect(Set(kinds).isSuperset(of: ["image", "chart"]), "\(all)")
        }
    }

    @Test func aRegistryThatWantsLessIsToldAsSuchWithATimeToComeBack() async throws {
        try await withRegistries { server, stubs in
            let id = try await server.store("harbor")
            stubs.harbor.record.answer(
                "GET /api/v2.0/projects/demo/repositories",
                with: .json(
                    ["errors": [["code": "TOO_MANY_REQUEST", "message": "slow"]]],
                    status: 429,
                    headers: [
                        ("Retry-After", "77")
                    ]
                )
            )
            let answer = try await server.admin.get(Self.path("harbor", server.first.project, id, "/images"))
            #expect((answer.status, answer.code) == (429, "rate-limited"), "\(answer)")
            #expect(
                answer["retry-after"].flatMap { Int($0) }.map { (70...77).contains($0) } == true,
                "\(answer.headers)"
            )
            #expect(try answer.json["upstream"]["status"] == 429)
        }
    }

    @Test func aFailingRegistryIsABadGatewayAndItsWordsStayWithIt() async throws {
        try await withRegistries { server, stubs in
            let id = try await server.store("harbor")
            let canary = CanarySecret()
            stubs.harbor.record.answer(
                "GET /api/v2.0/projects/demo/repositories",
                with: .json(["errors": [["code": "UNKNOWN", "message": canary.text]]], status: 500)
            )
            let answer = try await server.admin.get(Self.path("harbor", server.first.project, id, "/images"))
            #expect((answer.status, answer.code) == (502, "registry-failed"), "\(answer)")
            #expect(!canary.isIn(answer.wire))
            #expect(!canary.isIn(try server.log()))
        }
    }

    @Test func dockerHubTellsWhatIsLeftOfItsBudget() async throws {
        try await withRegistries { server, _ in
            let id = try await server.store("dockerhub")
            let answer = try await server.admin.get(Self.path("dockerhub", server.first.project, id, "/images"))
            #expect(answer.status == 200, "\(answer)")
            #expect(answer["x-registry-ratelimit-limit"] == "180")
            #expect(answer["x-registry-ratelimit-remaining"].flatMap { Int($0) } != nil)
        }
    }

    // Policy is the operator's: without the setting nobody reaches this machine through a credential.
    @Test func withoutTheOperatorsLeaveThisMachineIsNotReached() async throws {
        let stubs = try await StubRegistries.start()
        var options = ServerOptions()
        options.flags = ["plain-http-hosts": "127.0.0.1"]
        try await withServer(options: options) { server in
            let body = stubs.storeBody("harbor", project: server.first.project)
            let stored = try await server.admin.post(
                CredentialPath.collection("harbor", server.first.organization),
                body
            )
            let answer = try await server.admin.get(
                Self.path("harbor", server.first.project, try stored.created(), "/images")
            )
            #expect((answer.status, answer.code) == (502, "address-forbidden"), "\(answer)")
            #expect(stubs.harbor.record.requests.isEmpty)
        }
        await stubs.stop()
    }
}
