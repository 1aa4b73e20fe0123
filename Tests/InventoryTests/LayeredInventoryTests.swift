import Foundation
import Inventory
import Layers
import Testing

/// From layers to the inventory, with the walk in between.
@Suite struct LayeredInventoryTests {
    private func stanza(_ name: String, _ version: String) -> String {
        "Package: \(name)\nStatus: install ok installed\nVersion: \(version)\n\n"
    }

    @Test func packageBelongsToTheLayerThatBroughtIt() throws {
        var base = TarFixture()
        base.add("usr/lib/os-release", "ID=debian\nVERSION_ID=12\n")
        base.add("var/lib/dpkg/status", stanza("base", "1") + stanza("curl", "7"))
        var middle = TarFixture()
        middle.add("srv/site-packages/a.dist-info/METADATA", "Name: a\nVersion: 1\n")
        var top = TarFixture()
        top.add("var/lib/dpkg/status", stanza("base", "1") + stanza("curl", "8"))
        let layers = try [base, middle, top].map { try $0.contents() }
        let found = Catalog().inventory(of: FileSystem(layers: layers), layers: layers)
        #expect(found.release?.id == "debian")
        #expect(found.lines == ["base 1", "curl 8", "a 1"])
        #expect(found.packages.map { $0.locations.first?.layer } == [0, 2, 1])
    }

    // A later layer writes through the link: the place is the one in the final file system.
    @Test func databaseBehindASymbolicLinkIsFound() throws {
        var base = TarFixture()
        base.addSymbolicLink("lib", to: "usr/lib")
        base.add("usr/lib/apk/db/installed", "P:musl\nV:1.2.4-r0\n\n")
        var top = TarFixture()
        top.add("lib/apk/db/installed", "P:musl\nV:1.2.4-r0\n\nP:curl\nV:8\n\n")
        let layers = try [base, top].map { try $0.contents() }
        let found = Catalog().inventory(of: FileSystem(layers: layers), layers: layers)
        #expect(found.lines == ["curl 8", "musl 1.2.4-r0"])
        #expect(
            found.packages.flatMap(\.locations) == [
                Package.Location(path: "usr/lib/apk/db/installed", layer: 1),
                Package.Location(path: "usr/lib/apk/db/installed", layer: 0),
            ]
        )
    }

    @Test func deletedPackagesAreGone() throws {
        var base = TarFixture()
        base.add("srv/a.dist-info/METADATA", "Name: a\nVersion: 1\n")
        base.add("srv/b.dist-info/METADATA", "Name: b\nVersion: 1\n")
        var top = TarFixture()
        top.add("srv/.wh.a.dist-info", "")
        let layers = try [base, top].map { try $0.contents() }
        #expect(Catalog().inventory(of: FileSystem(layers: layers), layers: layers).lines == ["b 1"])
    }

    /// The layers in an archive of `docker save`.
    private struct LayersOfArchive: FileSelector {
        func interest(in entry: LayerEntry) -> FileInterest {
            entry.path.hasSuffix(".tar") ? .whole(limitInBytes: 64 << 20) : .none
        }
    }

    @Test func sampleImageGivesWhatItsDatabaseStates() throws {
        guard let folder = SampleData.inventory?.appending(path: "image-alpine310") else {
            return Test.note("no samples beside this repository: image-alpine310 was not read")
        }
        let archive = Array(try Data(contentsOf: folder.appending(path: "input/alpine-310.tar.gz")))
        let files = try LayerContents.reading(archive, with: LayersOfArchive()).kept
        let layers = try files.compactMap { file -> LayerContents? in
            guard case .bytes(let bytes) = file.content else { return nil }
            return try LayerContents.reading(bytes, with: Catalog())
        }
        try #require(layers.count == 1)
        let found = Catalog().inventory(of: FileSystem(layers: layers), layers: layers)
        let expected = try JSONDecoder().decode(
            [SampleCaseTests.Expected].self,
            from: Data(contentsOf: folder.appending(path: "expected.json"))
        )
        #expect(Set(found.lines) == Set(expected.map { "\($0.name) \($0.version)" }))
        #expect(found.release?.osvEcosystems == ["Alpine:v3.10"])
        #expect(found.unreadable.isEmpty)
    }
}
