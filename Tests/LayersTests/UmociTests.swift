import Foundation
import ImageFixtures
import Layers
import OCI
import Testing

/// The merged file system against what `umoci unpack` makes of the same image. Versions before 0.5 read no zstd.
@Suite(.enabled(if: Tool.isInstalled("umoci"), "umoci is not installed"))
struct UmociTests {
    @Test func everyKindOfChangeUnpacksTheSame() async throws {
        var image = ImageFixture()
        try image.add { tar in
            for directory in ["etc", "usr", "usr/lib", "opt", "opt/app", "var"] { tar.directory(directory) }
            tar.file("usr/lib/os-release", "ID=x")
            tar.symbolicLink("lib", to: "usr/lib")
            tar.symbolicLink("etc/os-release", to: "../usr/lib/os-release")
            for name in ["one", "two", "three"] { tar.file("opt/app/\(name)", name) }
            tar.file("var/file", "was a file")
            tar.hardLink("var/hard", to: "var/file")
        }
        try image.add(.none) { tar in
            tar.whiteout("opt/app/one")
            tar.file("lib/through-the-link", "1")
            tar.directory("var/file")
            tar.file("var/file/below", "is a directory")
            tar.hardLink("etc/two", to: "opt/app/two")
        }
        try image.add(.none) { tar in
            tar.directory("opt/app")
            tar.opaque("opt/app")
            tar.file("opt/app/four", "four")
            tar.file("../../escape", "caught")
            tar.directory("lib")
        }
        #expect(try await difference(of: image) == [])
    }

    // Layers at random over few names, so that they meet; the same seeds every time.
    @Test(arguments: 1...40 as ClosedRange<UInt64>)
    func randomLayersUnpackTheSame(seed: UInt64) async throws {
        var random = SeededRandom(seed: seed)
        var image = ImageFixture()
        var known = KnownTree()
        for number in 0..<4 {
            let archive = known.layer(number, using: &random)
            try image.add(number % 2 == 0 ? .gzip : .none, archive: archive)
        }
        #expect(try await difference(of: image) == [])
    }

    // Entries, whiteouts and hard links that go through symbolic links. What umoci refuses proves nothing; most it does not.
    @Test func randomLayersThroughLinksUnpackTheSame() async throws {
        var compared = 0
        for seed in 100...(160 as UInt64) {
            var random = SeededRandom(seed: seed)
            var image = ImageFixture()
            var known = KnownTree()
            known.goesThroughLinks = true
            for number in 0..<4 { try image.add(.none, archive: known.layer(number, using: &random)) }
            do {
                #expect(try await difference(of: image) == [], "seed \(seed)")
                compared += 1
            } catch is Tool.Failure {
                continue
            }
        }
        #expect(compared > 20)
    }

    /// Files that only one of the two has, or that differ.
    private func difference(of image: ImageFixture) async throws -> [String] {
        try await Tool.withDirectory { directory in
            try image.writeLayout(to: "\(directory)/image")
            try await Tool.run(
                "umoci",
                ["unpack", "--rootless", "--image", "\(directory)/image:latest", "\(directory)/bundle"]
            )
            let expected = try Tool.files(below: "\(directory)/bundle/rootfs")
            let layers = try image.layers.map { try read($0.blob, expecting: LayerExpectation($0.descriptor)) }
            #expect(layers.allSatisfy { $0.completeness == .complete })
            let system = FileSystem(layers: layers)
            var found: [String] = []
            var seen = Set<String>()
            for file in system.files() {
                seen.insert(file.path)
                guard let bytes = expected[file.path] else {
                    found.append("umoci does not have \(file.path)")
                    continue
                }
                if file.kept.bytes != bytes { found.append("\(file.path): \(file.kept.text)") }
            }
            return found + expected.keys.filter { !seen.contains($0) }.map { "umoci also has \($0)" }
        }
    }
}
