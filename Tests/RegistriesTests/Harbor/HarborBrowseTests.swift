import Foundation
import OCI
import Registries
import RegistryStubs
import Synchronization
import Testing

@Suite(.serialized) struct HarborBrowseTests {
    private let firstPage = BrowsePage(number: 1, size: 20)

    @Test func projectsTellWhatHarborTells() async throws {
        try await withHarbor {
            $0.projects.append(HarborStubProject(id: 9, name: "library", isPublic: true))
            $0.projects.append(HarborStubProject(id: 10, name: "hidden"))
            $0.projects[0].registryID = 2
        } _: { stub, world in
            let credential = OpenedCredential.harbor(stub.address)
            let found = try await world.registry(credential).projects(credential, page: firstPage)
            #expect(found.total == 2)
            #expect(found.items.map(\.name) == ["demo", "library"])
            #expect(found.items.map(\.id) == [7, 9])
            #expect(found.items.map(\.isPublic) == [false, true])
            #expect(found.items.map(\.isProxyCache) == [true, false])
            #expect(found.items[0].repositoryCount == 2)
            #expect(found.items[0].createdAt == StubArtifact.someday)
        }
    }

    /// Nobody gets 200 with the public projects.
    @Test func deadRobotIsNotShownThePublicProjects() async throws {
        try await withHarbor {
            $0.projects[0].isPublic = true
        } _: { stub, world in
            let credential = OpenedCredential.harbor(stub.address, password: "x")
            await #expect(throws: RegistryError.self, "code registry-auth-failed") {
                try await world.registry(credential).projects(credential, page: firstPage)
            }
        }
    }

    @Test func imagesAreNamedWithoutTheirProjectAndReferredToWithIt() async throws {
        try await withHarbor { stub, world in
            let credential = OpenedCredential.harbor(stub.address)
            let found = try await world.registry(credential)
                .images(credential, project: nil, page: firstPage, include: [])
            let host = stub.address.dropFirst("http://".count)
            #expect(found.items.map(\.name) == ["team/app", "worker"])
            #expect(found.items.map(\.reference) == ["\(host)/demo/team/app", "\(host)/demo/worker"])
            #expect(found.items.map(\.artifactCount) == [3, 1])
            #expect(found.items[0].pullCount == 3)
        }
    }

    /// A slash in a repository's name is encoded twice.
    @Test func tagsTellDigestSizeTimesAndPlatforms() async throws {
        try await withHarbor { stub, world in
            let credential = OpenedCredential.harbor(stub.address)
            let found = try await world.registry(credential)
                .tags(credential, project: nil, repository: "team/app", page: firstPage, include: [])
            #expect(found.total == 4)
            #expect(Set(found.items.map(\.name)) == ["latest", "1.0", "v0", "v1"])
            let latest = try #require(found.items.first { $0.name == "latest" })
            #expect(latest.digest?.description == StubArtifact.index("app", tags: []).digest)
            #expect((latest.sizeInBytes ?? 0) > 0)
            #expect(latest.pushedAt == StubArtifact.someday)
            // Go's zero time is no time.
            #expect(latest.pulledAt == nil)
            #expect(latest.platforms.map(\.description) == ["linux/amd64", "linux/arm64/v8"])
            #expect(stub.record.targets.allSatisfy { !$0.contains("%2Fapp") })
        }
    }

    @Test func signaturesAndChartsAreHiddenUnlessTheyAreAskedFor() async throws {
        let image = StubArtifact.image("app", tags: ["1.0"])
        try await withHarbor {
            $0.projects[0].repositories = [
                StubRepository("demo/app", [image, .signature(of: image.digest), .chart("c", tags: ["chart-1"])])
            ]
        } _: { stub, world in
            let credential = OpenedCredential.harbor(stub.address)
            let registry = world.registry(credential)
            let images = try await registry.tags(
                credential,
                project: nil,
                repository: "app",
                page: firstPage,
                include: []
            )
            #expect(images.items.map(\.name) == ["1.0"])
            #expect(images.total == 1)
            let all =
                try await registry
                .tags(credential, project: nil, repository: "app", page: firstPage, include: .artifacts)
            #expect(all.total == 3)
            #expect(
                Dictionary(uniqueKeysWithValues: all.items.map { ($0.kind, 1) }) == [
                    .image: 1, .signature: 1, .chart: 1,
                ]
            )
            #expect(stub.record.count(prefix: "/api/v2.0/projects/demo/repositories/app/artifacts") == 1)
        }
    }

    @Test(arguments: [
        ("missing project", "registry-project-not-found"), ("missing right", "insufficient-scope"),
        ("missing repository", "repository-not-found"), ("dead robot", "registry-auth-failed"),
        ("name with capitals", "repository-not-found"), ("name with dots", "repository-not-found"),
        ("project with a slash", "registry-project-not-found"), ("server in trouble", "registry-failed"),
        ("not JSON", "registry-misbehaved"),
    ])
    func troubleHasItsCode(what: String, code: String) async throws {
        try await withHarbor {
            if what == "missing right" { $0.robots[0].permissions["demo"]?.remove("artifact:list") }
        } _: { stub, world in
            let credential = OpenedCredential.harbor(
                stub.address,
                password: what == "dead robot" ? "x" : "Good-Secret-1"
            )
            let project = what == "missing project" ? "nowhere" : what == "project with a slash" ? "demo/team" : nil
            let repository =
                switch what {
                case "missing repository": "nothing"
                case "name with capitals": "Worker"
                case "name with dots": "../../users"
                default: "worker"
                }
            let path = "GET /api/v2.0/projects/demo/repositories/worker/artifacts"
            if what == "server in trouble" { stub.record.answer(path, with: .text("<html>", status: 500)) }
            if what == "not JSON" { stub.record.answer(path, with: .text("<html>", status: 200)) }
            let error = await #expect(throws: RegistryError.self) {
                try await world.registry(credential)
                    .tags(credential, project: project, repository: repository, page: firstPage, include: [])
            }
            #expect(error?.code.description == code)
            #expect(!"\(error.debugDescription)".contains("Good-Secret-1"))
        }
    }

    @Test func manyClientsAtOnceCauseOneFlight() async throws {
        try await withHarbor {
            $0.projects[0].repositories = StubRepository.many(250, prefix: "demo/app")
        } _: { stub, world in
            let credential = OpenedCredential.harbor(stub.address)
            let registry = world.registry(credential)
            try await withThrowingTaskGroup(of: Int.self) { group in
                for _ in 0..<64 {
                    group.addTask {
                        try await registry.images(
                            credential,
                            project: nil,
                            page: BrowsePage(number: 1, size: 100),
                            include: []
                        ).items.count
                    }
                }
                for try await count in group { #expect(count == 100) }
            }
            #expect(stub.record.requests.count == 1)
        }
    }

    @Test func firstPageOfTenThousandRepositoriesIsOneRequest() async throws {
        try await withHarbor {
            $0.projects[0].repositories = StubRepository.many(10_000, prefix: "demo/app")
        } _: { stub, world in
            let credential = OpenedCredential.harbor(stub.address)
            let registry = world.registry(credential)
            let first = try await registry.images(credential, project: nil, page: firstPage, include: [])
            #expect(first.total == 10_000)
            #expect(stub.record.requests.count == 1)
            var names: Set<String> = Set(first.items.map(\.name))
            for number in 2...500 {
                let page = BrowsePage(number: number, size: 20)
                names.formUnion(
                    try await registry.images(credential, project: nil, page: page, include: []).items.map(\.name)
                )
            }
            #expect(names.count == 10_000)
            #expect(stub.record.requests.count == 100)
        }
    }

    @Test func listIsAskedForAgainWhenItIsOldAndNeverForAnotherCredential() async throws {
        try await withHarbor { stub, world in
            let credential = OpenedCredential.harbor(stub.address)
            let registry = world.registry(credential)
            func list(_ credential: OpenedCredential) async throws -> Date {
                try await registry.images(credential, project: nil, page: firstPage, include: []).fetchedAt
            }
            let first = try await list(credential)
            world.clock.advance(seconds: 30)
            #expect(try await list(credential) == first)
            #expect(stub.record.requests.count == 1)
            world.clock.advance(seconds: 31)
            #expect(try await list(credential) > first)
            #expect(stub.record.requests.count == 2)
            _ = try await list(.harbor(stub.address))
            #expect(stub.record.requests.count == 3)
        }
    }

    /// Something is pushed between two pages: what was kept of the old list is dropped.
    @Test func listThatGrowsWhilePagingIsNotMixedWithItsOldSelf() async throws {
        try await withHarbor {
            $0.projects[0].repositories = StubRepository.many(150, prefix: "demo/app")
        } _: { stub, world in
            let credential = OpenedCredential.harbor(stub.address)
            let registry = world.registry(credential)
            func page(_ number: Int) async throws -> BrowseResult<RegistryImage> {
                let page = BrowsePage(number: number, size: 60)
                return try await registry.images(credential, project: nil, page: page, include: [])
            }
            #expect(try await page(1).total == 150)
            stub.state.withLock { $0.projects[0].repositories += StubRepository.many(10, prefix: "demo/aaa") }
            var names: [String] = []
            for number in 2...3 { names += try await page(number).items.map(\.name) }
            names += try await page(1).items.map(\.name)
            #expect(names.count == 160)
            #expect(Set(names).count == 160)
        }
    }
}
