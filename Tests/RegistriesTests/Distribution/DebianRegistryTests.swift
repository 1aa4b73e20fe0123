import Foundation
import OCI
import Registries
import RegistryStubs
import Sealing
import Testing

/// The distribution client against Debian's docker-registry, and skopeo as a second opinion on what it holds.
@Suite(.enabled(if: DockerRegistryProcess.obstacle == nil, Comment(rawValue: DockerRegistryProcess.obstacle ?? "")))
struct DebianRegistryTests {
    static func client<Result: Sendable>(
        username: String = "ci-reader",
        password: String? = nil,
        trusts: Bool = true,
        _ body: @escaping @Sendable (DistributionClient, DebianRegistry) async throws -> Result
    ) async throws -> Result {
        try await TestAuthority.run { authority in
            try await DebianRegistry.run(authority, password: UUID().uuidString) { registry in
                try await withOutbound { outbound in
                    let login = RegistryLogin(
                        id: UUID(),
                        version: 1,
                        username: username,
                        password: Secret(password ?? registry.password)
                    )
                    let client = DistributionClient(
                        outbound: outbound,
                        tokens: TokenCache(),
                        origin: try OutboundOrigin("https://registry.test:\(registry.port)"),
                        login: login,
                        trust: trusts ? try authority.trust() : nil
                    )
                    return try await body(client, registry)
                }
            }
        }
    }

    @Test func everythingOfAnImageIsRead() async throws {
        try await DebianRegistryTests.client { client, registry in
            let tags = (1...12).map { "1.\($0)" }
            let digest = try await registry.push("team/app", tags: tags)
            #expect(try await registry.push("team/other", tags: ["latest"]) == digest)

            let support = try await client.ping()
            #expect(!support.isOpen)
            #expect(support.challenges.map(\.scheme) == ["basic"])
            #expect(support.apiVersion == "registry/2.0")
            #expect(try await client.allRepositories() == ["team/app", "team/other"])
            #expect(Set(try await client.allTags("team/app")) == Set(tags))

            let head = try await client.head("team/app", .tag("1.3"))
            #expect(head.digest.description == digest)
            let inspected = try await registry.inspect("team/app", "1.3")
            #expect(head.digest.description == inspected)
            let image = try await client.image("team/app", .digest(head.digest), platform: .linuxAMD64)
            #expect(image.fetched.bytes == Array(TestImage.manifest.utf8))
            let configuration = try await client.configuration("team/app", image.manifest)
            #expect(configuration.platform == .linuxAMD64)
            let layer = try await BlobTests.read(client, image.manifest.layers[0], in: "team/app")
            #expect(layer == Array(TestImage.layer.utf8))
            let rest = try await BlobTests.read(client, image.manifest.layers[0], offset: 6, in: "team/app")
            #expect(rest == Array(TestImage.layer.utf8.dropFirst(6)))
            #expect(try await client.referrers("team/app", of: head.digest).isEmpty)
        }
    }

    /// This registry cuts its catalogue by `Link`, and answers `n` that it dislikes in its own ways.
    @Test func catalogueComesInPages() async throws {
        try await DebianRegistryTests.client { client, registry in
            let names = (1...5).map { "p/r\($0)" }
            for name in names { _ = try await registry.push(name, tags: ["x"]) }
            var found: [String] = []
            var next: OutboundURL?
            repeat {
                let page = try await client.catalogPage(size: 2, next: next)
                #expect(page.names.count <= 2)
                found += page.names
                next = page.next
            } while next != nil
            #expect(found == names)
        }
    }

    @Test func whatIsMissingIsToldApart() async throws {
        try await DebianRegistryTests.client { client, registry in
            _ = try await registry.push("team/app", tags: ["1"])
            #expect(await registryError { _ = try await client.allTags("team/none") }?.code == .repositoryNotFound)
            #expect(await registryError { _ = try await client.manifest("team/app", .tag("2")) }?.code == .tagNotFound)
            let none = ManifestReference.digest(TestImage.digest("none"))
            #expect(await registryError { _ = try await client.manifest("team/app", none) }?.code == .tagNotFound)
            let blob = await registryError {
                _ = try await BlobTests.read(client, BlobTests.descriptor(), in: "team/app")
            }
            #expect(blob?.code == .upstreamMisbehaved)
            #expect(blob?.upstream?.code == "BLOB_UNKNOWN")
        }
    }

    @Test func wrongPasswordIsRefused() async throws {
        try await DebianRegistryTests.client(password: "wrong") { client, _ in
            #expect(await registryError { _ = try await client.allTags("team/app") }?.code == .authenticationFailed)
        }
    }

    @Test func authorityMustBeGiven() async throws {
        try await DebianRegistryTests.client(trusts: false) { client, _ in
            #expect(await registryError { _ = try await client.ping() }?.code == .tlsUntrusted)
        }
    }
}
