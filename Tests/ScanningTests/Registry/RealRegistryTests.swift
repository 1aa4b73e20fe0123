import Foundation
import ImageFixtures
import Inventory
import Layers
import Logging
import OCI
import Registries
import Scanning
import Sealing
import TestSupport
import Testing

/// Debian's own registry serves what the layouts hold: whatever way an image comes, the same is found in it.
@Suite(.enabled(if: RealRegistry.obstacle == nil, "docker-registry and skopeo are needed"))
struct RealRegistryTests {
    static let arm = Platform(os: "linux", architecture: "arm64", variant: "v8")

    /// Three layers: a package database that is rewritten, a directory that is made opaque, a file that is whited out.
    static func image(_ compression: LayerCompression, platform: Platform = .linuxAMD64) throws -> ImageFixture {
        var image = ImageFixture()
        image.platform = platform
        try image.add(compression) { tar in
            tar.file("etc/os-release", Sample.debian)
            tar.file("var/lib/dpkg/status", Sample.status(["a 1", "b 1 \(platform.architecture)"]))
            tar.file("opt/node_modules/old/package.json", #"{"name":"old","version":"1.0.0"}"#)
            tar.file("srv/node_modules/gone/package.json", #"{"name":"gone","version":"1.0.0"}"#)
        }
        try image.add(compression) { tar in
            tar.file("var/lib/dpkg/status", Sample.status(["a 2", "c 1"]))
            tar.directory("opt")
            tar.opaque("opt")
            tar.file("opt/node_modules/new/package.json", #"{"name":"new","version":"2.0.0"}"#)
        }
        try image.add(compression) { $0.whiteout("srv/node_modules/gone/package.json") }
        return image
    }

    static let found = ["deb a 2 @1", "deb c 1 @1", "npm new 2.0.0 @1"]

    private func scan(_ registry: RealRegistry, _ name: String, _ platform: Platform? = nil) async throws
        -> ScannedImage
    {
        let outbound = OutboundClient(
            policy: OutboundPolicy(privateHosts: [registry.host]),
            version: "0-test",
            logger: Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() })
        )
        let client = DistributionClient(
            outbound: outbound,
            tokens: TokenCache(),
            origin: try OutboundOrigin("https://\(registry.host)"),
            login: RegistryLogin(
                id: UUID(),
                version: 1,
                username: registry.username,
                password: Secret(registry.password)
            ),
            trust: try TLSTrust(caCertificatePEM: registry.caPEM)
        )
        let source = RemoteImage(try ImageReference("\(registry.host)/\(name)"), client: client)
        do {
            let scanned = try await ImageScanner().scan(source, platform: platform)
            await outbound.shutdown()
            return scanned
        } catch {
            await outbound.shutdown()
            throw error
        }
    }

    private func expectSame(_ remote: ScannedImage, _ local: ScannedImage) {
        #expect(remote.listing == local.listing)
        #expect(remote.isComplete && local.isComplete)
        #expect(remote.image.digest == local.image.digest)
        #expect(remote.image.indexDigest == local.image.indexDigest)
        #expect(remote.image.configurationDigest == local.image.configurationDigest)
        #expect(remote.image.layers == local.image.layers)
        #expect(remote.inventory.packages == local.inventory.packages)
        #expect(remote.layers.map(\.counts) == local.layers.map(\.counts))
    }

    @Test func imagesOfEveryKindAreTheSameAsInTheirLayout() async throws {
        try await RealRegistry.with { registry async throws in
            var layout = LayoutFixture()
            for compression in [LayerCompression.none, .gzip, .zstd] {
                layout.add(try RealRegistryTests.image(compression), tag: compression.rawValue)
            }
            let both = try [Platform.linuxAMD64, RealRegistryTests.arm].map {
                try RealRegistryTests.image(.gzip, platform: $0)
            }
            layout.add(indexOf: both, tag: "multi")
            try await withLayout(layout) { directory async throws in
                for entry in layout.entries {
                    let tag = try #require(entry.tag)
                    try await registry.copy(layout: directory, tag: tag, to: "team/app")
                    let source = LayoutImage(directory: directory, tag: tag)
                    for platform in tag == "multi" ? [nil, RealRegistryTests.arm] : [nil] {
                        let local = try await ImageScanner().scan(source, platform: platform)
                        #expect(local.listing == RealRegistryTests.found)
                        expectSame(try await scan(registry, "team/app:\(tag)", platform), local)
                    }
                }
                // Docker's media types: another manifest over the same layers.
                try await registry.copy(layout: directory, tag: "gzip", to: "team/docker", format: "v2s2")
                let docker = try await scan(registry, "team/docker:gzip")
                let local = try await ImageScanner().scan(LayoutImage(directory: directory, tag: "gzip"))
                #expect(docker.image.layers.map(\.mediaType.rawValue).allSatisfy { $0.contains("docker") })
                #expect(docker.image.layers.map(\.digest) == local.image.layers.map(\.digest))
                #expect(docker.inventory.packages == local.inventory.packages)
                #expect(docker.isComplete)
            }
        }
    }

    @Test func variantThatIsNotThereIsAnError() async throws {
        try await RealRegistry.with { registry async throws in
            var layout = LayoutFixture()
            layout.add(indexOf: [try RealRegistryTests.image(.gzip)], tag: "1")
            try await withLayout(layout) { directory async throws in
                try await registry.copy(layout: directory, tag: "1", to: "team/app")
                await #expect { _ = try await scan(registry, "team/app:1", RealRegistryTests.arm) } throws: {
                    ($0 as? RegistryError)?.code == .platformNotFound
                }
                await #expect { _ = try await scan(registry, "team/app:2") } throws: {
                    ($0 as? RegistryError)?.code == .tagNotFound
                }
            }
        }
    }

    // The second opinion: what umoci unpacks, and what Debian's dpkg-query makes of the database in it.
    @Test(.enabled(if: Tool.isInstalled("umoci") && Tool.isInstalled("dpkg-query"), "umoci and dpkg-query are needed"))
    func unpackedImageHasTheSamePackages() async throws {
        try await withLayout(try RealRegistryTests.image(.gzip)) { directory async throws in
            let local = try await ImageScanner().scan(LayoutImage(directory: directory, tag: "latest"))
            let bundle = directory + "/bundle"
            try await Tool.run("umoci", ["unpack", "--rootless", "--image", "\(directory):latest", bundle])
            let listed = try await Tool.run(
                "dpkg-query",
                ["--admindir=\(bundle)/rootfs/var/lib/dpkg", "-W", "-f", "${Package} ${Version}\n"]
            )
            let packages = local.inventory.packages
            #expect(
                listed.split(separator: "\n").map(String.init).sorted()
                    == packages.filter { $0.kind == .deb }.map { "\($0.name) \($0.version)" }
            )
            let files = try Tool.files(below: bundle + "/rootfs").keys.filter {
                $0.hasSuffix("package.json") || $0 == "var/lib/dpkg/status"
            }
            #expect(Set(packages.compactMap { $0.locations.first?.path }) == Set(files))
        }
    }
}
