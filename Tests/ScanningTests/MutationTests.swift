import Foundation
import ImageFixtures
import OCI
import Testing

@testable import Scanning

/// Damaged documents of every kind: nothing crashes, nothing hangs, and what is accepted keeps its bounds.
///
/// A thousand rounds of each kind by default, the same ones every time; `PRATIQUE_FUZZ_SECONDS` goes on with other seeds for so long.
@Suite struct MutationTests {
    enum Target: String, CaseIterable {
        case manifest, index, configuration, reference, dockerConfiguration, archiveIndex, layout
    }

    @Test(arguments: Target.allCases)
    func damagedDocumentIsReadWithinItsBounds(target: Target) async throws {
        let seconds = ProcessInfo.processInfo.environment["PRATIQUE_FUZZ_SECONDS"].flatMap(Double.init) ?? 0
        let end = ContinuousClock.now + .seconds(seconds)
        let rounds: UInt64 = target == .layout || target == .archiveIndex ? 300 : 1000
        try await Tool.withDirectory { directory async throws in
            var seed: UInt64 = 1
            while seed <= rounds || ContinuousClock.now < end {
                try await round(target, seed: seed, directory)
                seed += 1
            }
            #expect(seed > rounds)
        }
    }

    private static let image: ImageFixture = {
        var image = (try? Sample.image([["a 1"], ["a 1", "b 2"]])) ?? ImageFixture()
        image.layers += image.layers
        return image
    }()

    private static let references = [
        "alpine", "registry.example.com:5000/team/app:1.2@sha256:" + String(repeating: "a", count: 64),
        "[::1]:5000/a/b_c.d-e__f:Tag-1.0", "docker.io/library/x",
        "localhost/x@sha512:" + String(repeating: "0", count: 128),
    ]

    private static let login = """
        {"auths":{"https://index.docker.io/v1/":{"auth":"YWRhOng="},"r.example/team":{"identitytoken":"t"},"a":{}},
        "credHelpers":{"r.example":"fake"},"credsStore":"desktop","HttpHeaders":{"User-Agent":"x"}}
        """

    private static var index: [UInt8] {
        var layout = LayoutFixture()
        layout.add(image, tag: "latest", platform: .linuxAMD64)
        layout.add(indexOf: [image], tag: "x", levels: 2)
        return LayoutFixture.index(layout.entries)
    }

    private func round(_ target: Target, seed: UInt64, _ directory: String) async throws {
        var mutator = Mutator(random: SeededRandom(seed: seed))
        let label: Comment = "\(target.rawValue), seed \(seed)"
        switch target {
        case .manifest:
            guard let document = try? ManifestDocument(mutator.stream(Self.image.manifest)) else { return }
            if case .image(let manifest) = document {
                #expect(manifest.layers.count <= Manifest.layerLimit, label)
                #expect(manifest.layers.allSatisfy { $0.size >= 0 }, label)
            }
        case .index:
            guard case .index(let index)? = try? ManifestDocument(mutator.stream(Self.index)) else { return }
            #expect(index.manifests.count <= ImageIndex.manifestLimit, label)
            _ = index.manifest(for: .linuxAMD64)
        case .configuration:
            guard let configuration = try? ImageConfiguration(json: mutator.stream(Self.image.configuration)) else {
                return
            }
            #expect(configuration.commands(layers: 4).count == 4, label)
        case .reference:
            let original = Self.references[Int(seed) % Self.references.count]
            let text = String(decoding: mutator.stream(Array(original.utf8)), as: UTF8.self)
            guard let reference = try? ImageReference(text) else { return }
            // What is accepted is accepted again, and is the same.
            #expect(try ImageReference(reference.description) == reference, label)
            #expect(reference.description.utf8.allSatisfy { $0 > 32 && $0 < 127 }, label)
        case .dockerConfiguration:
            let data = Data(mutator.stream(Array(Self.login.utf8)))
            guard let file = try? DockerConfigurationFile(data, path: "config.json") else { return }
            #expect(file.logins.count <= 4, label)
        case .archiveIndex: try await archive(&mutator, label, directory)
        case .layout: try await layout(&mutator, label, directory)
        }
    }

    private func archive(_ mutator: inout Mutator, _ label: Comment, _ directory: String) async throws {
        var saved = SavedFixture(style: SavedFixture.Style.allCases.randomElement(using: &mutator.random) ?? .folders)
        saved.add(Self.image, tags: ["a:1"])
        let path = directory + "/archive.tar"
        try Data(mutator.archive(saved.bytes())).write(to: URL(fileURLWithPath: path))
        do {
            let scanned = try await ImageScanner(window: 1).scan(ArchiveImage(path: path, reference: nil))
            // Everything in it is named by a digest: what is complete is what was saved, but for layers that are left out.
            if scanned.isComplete { #expect(scanned.listing.allSatisfy { $0.hasPrefix("deb ") }, label) }
        } catch is ScanError {}
    }

    private func layout(_ mutator: inout Mutator, _ label: Comment, _ directory: String) async throws {
        var layout = LayoutFixture()
        layout.add(Self.image, tag: "latest")
        let digests = layout.blobs.keys.sorted { $0.hexadecimal < $1.hexadecimal }
        let digest = digests.randomElement(using: &mutator.random) ?? Self.image.digest
        let damaged = mutator.stream(layout.blobs[digest] ?? [])
        let isSame = damaged == layout.blobs[digest]
        layout.blobs[digest] = damaged
        try layout.write(to: directory)
        do {
            let scanned = try await ImageScanner(window: 1).scan(LayoutImage(directory: directory, tag: nil))
            #expect(isSame && scanned.isComplete, "\(label): what is damaged cannot have its digest")
        } catch is ScanError {
            #expect(!isSame, label)
        }
    }
}
