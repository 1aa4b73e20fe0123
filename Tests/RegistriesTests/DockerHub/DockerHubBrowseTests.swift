import OCI
import Registries
import RegistryStubs
import Synchronization
import Testing

@Suite struct DockerHubBrowseTests {
    private let firstPage = BrowsePage(number: 1, size: 20)

    @Test func imagesTellWhetherTheyArePrivate() async throws {
        try await withDockerHub { stub, world in
            let credential = OpenedCredential.dockerHub("ann", "dckr_pat_read")
            let found = try await world.registry(credential)
                .images(credential, project: nil, page: firstPage, include: [])
            #expect(found.items.map(\.name) == ["ann/app", "ann/site"])
            #expect(found.items.map(\.isPrivate) == [true, false])
            #expect(found.items[0].reference == "docker.io/ann/app")
            #expect(found.rateBudget?.limit == 180)
            #expect(found.rateBudget?.resetsAt != nil)
        }
    }

    @Test func namedRepositoriesAreAddedToTheList() async throws {
        try await withDockerHub { stub, world in
            let credential = OpenedCredential.dockerHub(
                "acme",
                "dckr_oat_blind",
                repositories: ["acme/app", "library/alpine"]
            )
            let registry = world.registry(credential)
            let found = try await registry.images(credential, project: nil, page: firstPage, include: [])
            #expect(found.items.map(\.name) == ["acme/docs", "acme/app", "library/alpine"])
            #expect(found.total == 3)
            let projects = try await registry.projects(credential, page: firstPage)
            #expect(projects.items.map(\.name) == ["acme", "library"])
        }
    }

    @Test func tagsTellDigestSizeTimeAndPlatforms() async throws {
        try await withDockerHub { stub, world in
            let credential = OpenedCredential.dockerHub("ann", "dckr_pat_read")
            let found = try await world.registry(credential)
                .tags(credential, project: nil, repository: "ann/app", page: firstPage, include: [])
            let latest = try #require(found.items.first { $0.name == "latest" })
            #expect(latest.digest?.description == StubArtifact.index("app", tags: []).digest)
            #expect(latest.platforms.map(\.description) == ["linux/amd64", "linux/arm64/v8"])
            #expect(latest.pushedAt == StubArtifact.someday)
            #expect((latest.sizeInBytes ?? 0) > 0)
        }
    }

    /// The API counts signatures as tags: with some in a long list, its pages and its count are not ours.
    @Test func signaturesInALongListAreLeftOutOfPagesAndTotal() async throws {
        let image = StubArtifact.image("signed", tags: ["signed"])
        try await withDockerHub {
            $0.repositories = [StubRepository("ann/app", [image], generated: 150)]
            $0.repositories[0].artifacts.append(.signature(of: image.digest))
        } _: { stub, world in
            let credential = OpenedCredential.dockerHub("ann", "dckr_pat_read")
            let registry = world.registry(credential)
            var names: Set<String> = []
            for number in 1...2 {
                let page = BrowsePage(number: number, size: 100)
                let found = try await registry.tags(
                    credential,
                    project: nil,
                    repository: "app",
                    page: page,
                    include: []
                )
                #expect(found.total == 151)
                names.formUnion(found.items.map(\.name))
            }
            #expect(names.count == 151 && names.allSatisfy { !$0.hasSuffix(".sig") })
            let all =
                try await registry
                .tags(credential, project: nil, repository: "app", page: firstPage, include: .artifacts)
            #expect(all.total == 152)
            #expect(stub.state.withLock { $0.pullRemaining } == 200)
        }
    }

    @Test func loginIsMadeOnceAndRenewedWhenItIsOld() async throws {
        try await withDockerHub { stub, world in
            let credential = OpenedCredential.dockerHub("ann", "dckr_pat_read")
            let registry = world.registry(credential)
            func list() async throws {
                _ = try await registry.images(credential, project: nil, page: firstPage, include: [])
            }
            try await list()
            world.clock.advance(seconds: 61)
            try await list()
            #expect(stub.hub.count(path: "/v2/auth/token") == 1)
            world.clock.advance(seconds: 500)
            try await list()
            #expect(stub.hub.count(path: "/v2/auth/token") == 2)
        }
    }

    @Test(arguments: [
        ("nobody", "ann/app", "repository-not-found"), ("ann", "ann/Nothing", "repository-not-found"),
        ("ann", "ann/nothing", "repository-not-found"), ("ann", "a/b/c", "repository-not-found"),
    ])
    func troubleHasItsCode(user: String, repository: String, code: String) async throws {
        try await withDockerHub {
            $0.tokens.append(DockerHubStubToken(user: "nobody", secret: "dckr_pat_nobody", scopes: ["repo:read"]))
            $0.users.append(DockerHubStubUser(name: "nobody", password: "x"))
        } _: { stub, world in
            let credential = OpenedCredential.dockerHub(user, user == "ann" ? "dckr_pat_read" : "dckr_pat_nobody")
            let error = await #expect(throws: RegistryError.self) {
                try await world.registry(credential)
                    .tags(credential, project: nil, repository: repository, page: firstPage, include: [])
            }
            #expect(error?.code.description == code)
        }
    }

    @Test func limitOfTheAPIIsToldWithItsPause() async throws {
        try await withDockerHub {
            $0.apiRemaining = 1
        } _: { stub, world in
            let credential = OpenedCredential.dockerHub("ann", "dckr_pat_read")
            let error = await #expect(throws: RegistryError.self) {
                try await world.registry(credential).images(credential, project: nil, page: firstPage, include: [])
            }
            #expect(error?.code == .rateLimited)
            #expect(error?.retryAfter == .seconds(60))
        }
    }

    @Test func searchFindsPublicImagesWithoutACredential() async throws {
        try await withDockerHub {
            $0.repositories.append(StubRepository("library/alpine", generated: 1, isPrivate: false))
        } _: { stub, world in
            let search = world.clients.dockerHubSearch
            let found = try await search.images("a", page: firstPage)
            #expect(found.items.map(\.name) == ["ann/site", "acme/docs", "alpine"])
            #expect(found.items.map(\.isOfficial) == [false, false, true])
            #expect(found.items[0].pullCount == 4_000_000_000)
            #expect(try await search.images(" ", page: firstPage).total == 0)
            let past = try await search.images("a", page: BrowsePage(number: 9, size: 20))
            #expect(past.items.isEmpty && past.total == 3)
            #expect(stub.requests.allSatisfy { $0["Authorization"] == nil })
        }
    }
}
