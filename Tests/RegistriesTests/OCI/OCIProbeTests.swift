import Foundation
import Registries
import RegistryStubs
import Synchronization
import Testing

/// A registry with two repositories and an account that may pull, changed by a test before it starts.
func withRegistry(
    _ change: (inout StubRegistryState) -> Void = { _ in },
    _ body: (StubRegistry, StubWorld) async throws -> Void
) async throws {
    var state = StubRegistryState(
        users: [StubRegistryUser(name: "reader", password: "Good-Secret-1")],
        repositories: [
            StubRepository("team/app", [.index("app", tags: ["latest"])], generated: 2),
            StubRepository("team/worker", generated: 1),
        ]
    )
    change(&state)
    let stub = try await StubRegistry.start(state)
    let world = try StubWorld()
    do {
        try await body(stub, world)
    } catch {
        await stub.stop()
        throw error
    }
    await stub.stop()
}

@Suite struct OCIProbeTests {
    @Test(arguments: [
        (StubRegistryAccess.basic, Verification.State.verified), (.bearer, .verified), (.bearerOpaque, .verified),
        (.bearerWithPublicPull, .verified), (.bearerForgiving, .verified), (.open, .unverified),
    ])
    func goodSecretIsProvenWhereItMakesADifference(access: StubRegistryAccess, expected: Verification.State)
        async throws
    {
        try await withRegistry {
            $0.access = access
        } _: { stub, world in
            let result = await world.probe(.oci(stub.address))
            #expect(result.state == expected, "\(result.fingerprint)")
            #expect(result.outcome(.listing) == .passed)
            #expect(result.outcome(.pull) == .passed)
        }
    }

    /// Only a registry that takes wrong secrets for nobody leaves the question open.
    @Test(arguments: [
        (StubRegistryAccess.basic, Verification.State.rejected), (.bearer, .rejected), (.bearerOpaque, .rejected),
        (.bearerWithPublicPull, .rejected), (.bearerForgiving, .unverified), (.open, .unverified),
    ])
    func wrongSecretIsNeverVerified(access: StubRegistryAccess, expected: Verification.State) async throws {
        try await withRegistry {
            $0.access = access
        } _: { stub, world in
            let result = await world.probe(.oci(stub.address, password: "Wrong-Secret-1"))
            #expect(result.state == expected, "\(result.fingerprint)")
        }
    }

    @Test func pushAndDeleteAreExcess() async throws {
        try await withRegistry {
            $0.users[0].actions = ["*": ["pull", "push", "delete"]]
        } _: { stub, world in
            let result = await world.probe(.oci(stub.address))
            #expect(result.state == .excessive)
            #expect(result.rights.excess == ["delete", "push"])
        }
    }

    @Test(arguments: [StubRegistryAccess.basic, .bearer, .bearerOpaque])
    func namedRepositoryThatIsNotReadableIsMissing(access: StubRegistryAccess) async throws {
        try await withRegistry {
            $0.access = access
            $0.users[0].actions = ["team/app": ["pull"]]
        } _: { stub, world in
            let result = await world.probe(.oci(stub.address, repositories: ["team/app", "team/worker"]))
            #expect(result.state == .insufficient, "\(result.fingerprint)")
            #expect(result.rights.missing == ["pull of team/worker"])
            #expect(await world.probe(.oci(stub.address, repositories: ["team/app"])).state == .verified)
        }
    }

    @Test(arguments: [StubRegistryCatalog.missing, .refused])
    func withoutACatalogueARepositoryMustBeNamed(catalog: StubRegistryCatalog) async throws {
        try await withRegistry {
            $0.catalog = catalog
        } _: { stub, world in
            let result = await world.probe(.oci(stub.address))
            #expect(result.state == .unverified, "\(result.fingerprint)")
            #expect(result.advice?.contains("repositories") ?? false)
            #expect(await world.probe(.oci(stub.address, repositories: ["team/app"])).state == .verified)
        }
    }

    @Test func emptyRegistryWithACatalogueIsVerified() async throws {
        try await withRegistry {
            $0.repositories = []
        } _: { stub, world in
            let result = await world.probe(.oci(stub.address))
            #expect(result.state == .verified, "\(result.fingerprint)")
            #expect(result.outcome(.pull) == .warning)
        }
    }

    /// A wrong password of the user's own would count towards locking the account.
    @Test func nobodyIsLockedOutByTheProbe() async throws {
        try await withRegistry {
            $0.access = .bearerForgiving
        } _: { stub, world in
            _ = await world.probe(.oci(stub.address, password: "Wrong-Secret-1"))
            let names = Set(stub.record.requests.compactMap { $0.basic?.username })
            let passwords = Set(
                stub.record.requests.filter { $0.basic?.username == "reader" }.compactMap { $0.basic?.password }
            )
            #expect(passwords == ["Wrong-Secret-1"])
            #expect(names.count == 2 && names.contains { $0.hasPrefix("pratique-probe-") })
        }
    }

    @Test func addressWithoutRegistryIsUnreachable() async throws {
        try await withRegistry { stub, world in
            stub.record.answer("GET /v2/", with: .text("not here", status: 404))
            let result = await world.probe(.oci(stub.address))
            #expect(result.state == .unreachable)
            #expect(result.outcome(.address) == .passed)
            #expect(result.code(.challenge) == "registry-unsupported")
        }
    }
}

@Suite struct OCIBrowseTests {
    private let firstPage = BrowsePage(number: 1, size: 20)

    @Test(arguments: [StubRegistryCatalog.missing, .refused, .empty, .complete])
    func namedRepositoriesStandInForTheCatalogue(catalog: StubRegistryCatalog) async throws {
        try await withRegistry {
            $0.catalog = catalog
        } _: { stub, world in
            let credential = OpenedCredential.oci(stub.address, repositories: ["team/app", "team/more"])
            let found = try await world.registry(credential)
                .images(credential, project: nil, page: firstPage, include: [])
            let all = catalog == .complete ? ["team/app", "team/worker", "team/more"] : ["team/app", "team/more"]
            #expect(found.items.map(\.name) == all)
            #expect(found.total == all.count)
        }
    }

    @Test(arguments: [StubRegistryCatalog.missing, .refused])
    func withoutEitherTheHintNamesTheField(catalog: StubRegistryCatalog) async throws {
        try await withRegistry {
            $0.catalog = catalog
        } _: { stub, world in
            let credential = OpenedCredential.oci(stub.address)
            let error = await #expect(throws: RegistryError.self) {
                try await world.registry(credential).images(credential, project: nil, page: firstPage, include: [])
            }
            #expect(error?.code == .unsupported)
            #expect(error?.hint?.contains("repositories") ?? false)
        }
    }

    @Test func tagsAreAskedForTheirDigestsOnce() async throws {
        try await withRegistry { stub, world in
            let credential = OpenedCredential.oci(stub.address)
            let registry = world.registry(credential)
            for _ in 0..<3 {
                let found =
                    try await registry
                    .tags(credential, project: nil, repository: "team/app", page: firstPage, include: [])
                #expect(found.items.map(\.name) == ["latest", "v0", "v1"])
                #expect(found.items.allSatisfy { $0.digest != nil })
            }
            #expect(stub.record.requests.filter { $0.method == "HEAD" && $0["Authorization"] != nil }.count == 3)
            #expect(stub.record.requests.filter { $0.path.contains("/manifests/") }.allSatisfy { $0.method == "HEAD" })
        }
    }

    @Test func projectNarrowsTheList() async throws {
        try await withRegistry {
            $0.repositories.append(StubRepository("other/app", generated: 1))
        } _: { stub, world in
            let credential = OpenedCredential.oci(stub.address)
            let found = try await world.registry(credential)
                .images(credential, project: "other", page: firstPage, include: [])
            #expect(found.items.map(\.name) == ["other/app"])
        }
    }
}
