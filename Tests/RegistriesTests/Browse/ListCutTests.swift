import Registries
import RegistryStubs
import Testing

/// Whatever the registry's pages are, and whatever ours: the union of our pages is the set, and the totals are true.
@Suite(.serialized) struct ListCutTests {
    static let lengths = [0, 1, 99, 100, 101, 1_000, 10_001]

    /// SplitMix64, so that a failure can be run again.
    struct Generator: RandomNumberGenerator {
        var state: UInt64

        mutating func next() -> UInt64 {
            state &+= 0x9E37_79B9_7F4A_7C15
            var mixed = state
            mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
            mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
            return mixed ^ (mixed >> 31)
        }
    }

    /// Page sizes to try: always the ends, and some between.
    private func sizes(_ length: Int) -> [Int] {
        var generator = Generator(state: UInt64(length) &+ 7)
        let few = (0..<(length > 1_000 ? 1 : 4)).map { _ in Int.random(in: 2...99, using: &generator) }
        return length > 1_000 ? [100] + few : [1, 100] + few
    }

    private func check(
        _ length: Int,
        _ list: (BrowsePage) async throws -> (names: [String], total: Int)
    ) async throws {
        for size in sizes(length) {
            var names: [String] = []
            let pages = (length + size - 1) / size
            for number in 1...(pages + 2) {
                let page = try await list(BrowsePage(number: number, size: size))
                #expect(page.total == length)
                #expect(
                    page.names.count == max(0, min(size, length - (number - 1) * size)),
                    "page \(number) of \(size)"
                )
                names += page.names
            }
            #expect(names.count == length)
            #expect(Set(names).count == length)
            let far = try await list(BrowsePage(number: .max, size: size))
            #expect(far.names.isEmpty && far.total == length)
        }
    }

    @Test(arguments: lengths)
    func harborRepositories(length: Int) async throws {
        try await withHarbor {
            $0.projects[0].repositories = StubRepository.many(length, prefix: "demo/app")
        } _: { stub, world in
            let credential = OpenedCredential.harbor(stub.address)
            let registry = world.patient.registry(for: credential.kind)
            try await check(length) { page in
                let found = try await registry.images(credential, project: nil, page: page, include: [])
                return (found.items.map(\.name), found.total)
            }
            #expect(stub.record.requests.count <= length / 100 + 2)
        }
    }

    @Test(arguments: lengths)
    func harborTags(length: Int) async throws {
        try await withHarbor {
            $0.projects[0].repositories = [StubRepository("demo/a/b", generated: length)]
        } _: { stub, world in
            let credential = OpenedCredential.harbor(stub.address)
            let registry = world.patient.registry(for: credential.kind)
            try await check(length) { page in
                let found = try await registry.tags(
                    credential,
                    project: nil,
                    repository: "a/b",
                    page: page,
                    include: []
                )
                return (found.items.map(\.name), found.total)
            }
            // In no more requests than there are pages.
            #expect(stub.record.requests.count == max(1, (length + 99) / 100))
        }
    }

    @Test(arguments: lengths)
    func dockerHubRepositories(length: Int) async throws {
        try await withDockerHub {
            $0.repositories = StubRepository.many(length, prefix: "ann/app")
        } _: { stub, world in
            let credential = OpenedCredential.dockerHub("ann", "dckr_pat_read")
            let registry = world.patient.registry(for: credential.kind)
            try await check(length) { page in
                let found = try await registry.images(credential, project: nil, page: page, include: [])
                return (found.items.map(\.name), found.total)
            }
        }
    }

    @Test(arguments: lengths)
    func dockerHubTags(length: Int) async throws {
        try await withDockerHub {
            $0.repositories = [StubRepository("ann/app", generated: length)]
        } _: { stub, world in
            let credential = OpenedCredential.dockerHub("ann", "dckr_pat_read")
            let registry = world.patient.registry(for: credential.kind)
            try await check(length) { page in
                let found = try await registry.tags(
                    credential,
                    project: nil,
                    repository: "app",
                    page: page,
                    include: []
                )
                return (found.items.map(\.name), found.total)
            }
            #expect(stub.hub.count(prefix: "/v2/namespaces/ann/repositories/app/tags") <= length / 100 + 2)
        }
    }

    @Test(arguments: lengths, StubLinkStyle.allCases)
    func ociRepositories(length: Int, link: StubLinkStyle) async throws {
        try await withRegistry {
            $0.repositories = StubRepository.many(length, prefix: "team/app")
            $0.link = link
            $0.pageCap = 100
        } _: { stub, world in
            let credential = OpenedCredential.oci(stub.address)
            let registry = world.patient.registry(for: credential.kind)
            try await check(length) { page in
                let found = try await registry.images(credential, project: nil, page: page, include: [])
                return (found.items.map(\.name), found.total)
            }
        }
    }

    @Test(arguments: [0, 1, 99, 100, 101, 1_000])
    func ociTags(length: Int) async throws {
        try await withRegistry {
            $0.repositories = [StubRepository("team/app", generated: length)]
            $0.pageCap = 100
        } _: { stub, world in
            let credential = OpenedCredential.oci(stub.address)
            let registry = world.patient.registry(for: credential.kind)
            for size in [1, 100] where length <= 101 || size == 100 {
                var names: Set<String> = []
                for number in 1...(length / size + 1) {
                    let page = BrowsePage(number: number, size: size)
                    let found =
                        try await registry
                        .tags(credential, project: nil, repository: "team/app", page: page, include: [])
                    #expect(found.total == length)
                    #expect(found.items.allSatisfy { $0.digest != nil })
                    names.formUnion(found.items.map(\.name))
                }
                #expect(names.count == length)
            }
        }
    }
}
