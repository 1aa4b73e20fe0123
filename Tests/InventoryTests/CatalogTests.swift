import Layers
import Testing

@testable import Inventory

@Suite struct CatalogTests {
    private func isWanted(_ path: String, mode: UInt32 = 0o644, kind: LayerEntry.Kind = .file) -> Bool {
        if case .none = Catalog().interest(in: LayerEntry(path: path, kind: kind, sizeInBytes: 100_000, mode: mode)) {
            return false
        }
        return true
    }

    @Test(arguments: ["", "/", "status", "var/lib/dpkg/status/x", "etc/passwd", "usr/lib/status.d", "a/.list", "."])
    func otherFilesStreamPast(path: String) {
        #expect(!isWanted(path))
    }

    @Test(arguments: [
        "var/lib/dpkg/status", "var/lib/dpkg/info/libc6:amd64.list", "etc/os-release", "lib/apk/db/installed",
    ])
    func filesOfACataloguerAreRead(path: String) {
        #expect(isWanted(path))
        #expect(!isWanted(path, kind: .directory))
    }

    @Test func wholeBytesAreReadLikeStreamedOnes() {
        let entry = LayerEntry(path: "etc/os-release", kind: .file, sizeInBytes: 20)
        let kept = KeptFile(entry: entry, content: .bytes(Array("ID=debian\n".utf8)))
        #expect(Catalog().inventory(of: [(kept, 0)]).release?.id == "debian")
    }

    @Test func fileThatTheWalkCouldNotReadIsNamed() {
        let entry = LayerEntry(path: "var/lib/dpkg/status", kind: .file, sizeInBytes: 20)
        let kept = KeptFile(entry: entry, content: .unreadable(UnreadableFile("cut off")))
        let found = Catalog().inventory(of: [(kept, 0)])
        #expect(found.unreadable == [Inventory.Unreadable(path: "var/lib/dpkg/status", reason: "cut off")])
    }

    @Test func fileBeyondItsLimitIsUnreadable() {
        let text = String(repeating: "ID=debian\n", count: 10_000)
        #expect(inventory(of: "etc/os-release", text).unreadable.map(\.reason) == ["larger than 65536 bytes"])
    }

    // Two million small files must not fill the memory, and what is left out is said.
    @Test func readingsOfOneImageAreBounded() {
        let budget = ReadingBudget(limitInBytes: 100_000)
        var image = ImageFiles(catalog: Catalog(Catalog.everyEcosystem, budget: budget))
        for number in 0..<1000 { image.add("\(number).dist-info/METADATA", "Name: a\(number)\nVersion: 1\n") }
        let found = image.inventory
        #expect((50..<500).contains(found.packages.count))
        #expect(found.unreadable.count == 20)
        #expect(found.unreadable.allSatisfy { $0.reason.hasPrefix("the packages of this image take more than 100000") })
    }
}
