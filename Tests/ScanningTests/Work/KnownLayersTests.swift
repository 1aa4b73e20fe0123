import Advisories
import ImageFixtures
import Inventory
import Layers
import OCI
import Scanning
import Testing

/// Layers that were read before: nothing is read of them again, and nothing in the result tells.
@Suite struct KnownLayersTests {
    private func scan(_ image: ImageFixture, _ memory: LayerMemory) async throws -> (ScannedImage, ScanProgress.State) {
        let progress = ScanProgress()
        let scanned = try await withLayout(image) { directory async throws in
            try await ImageScanner().scan(
                LayoutImage(directory: directory, tag: nil),
                known: memory.layers,
                progress: progress
            )
        }
        return (scanned, progress.state)
    }

    private func expectSame(_ left: ScannedImage, _ right: ScannedImage) {
        #expect(left.inventory.packages == right.inventory.packages)
        #expect(left.inventory.release == right.inventory.release)
        #expect(left.inventory.unreadable == right.inventory.unreadable)
        #expect(left.layers.map(\.completeness) == right.layers.map(\.completeness))
        #expect(left.layers.map(\.counts) == right.layers.map(\.counts))
        #expect(left.merge == right.merge)
        #expect(left.image.digest == right.image.digest)
    }

    /// Layers that hide, link, replace and damage: everything that one layer does to another.
    private static func image(seed: UInt64) throws -> ImageFixture {
        var random = SeededRandom(seed: seed)
        var image = ImageFixture()
        for layer in 0..<Int.random(in: 1...4, using: &random) {
            let compression = [LayerCompression.none, .gzip, .zstd].randomElement(using: &random) ?? .gzip
            try image.add(compression) { tar in
                if layer == 0 { tar.file("etc/os-release", Sample.debian) }
                for _ in 0..<Int.random(in: 1...8, using: &random) {
                    let name = ["left", "right", "up"].randomElement(using: &random) ?? "left"
                    let folder = "app/node_modules/\(name)"
                    switch Int.random(in: 0..<8, using: &random) {
                    case 0: tar.file("var/lib/dpkg/status", Sample.status(["a \(layer)", "b 1", "\(name) 2"]))
                    case 1: tar.file("\(folder)/package.json", #"{"name":"\#(name)","version":"1.\#(layer)"}"#)
                    case 2: tar.whiteout("\(folder)/package.json")
                    case 3: tar.opaque("app")
                    case 4: tar.file("\(folder)/package.json", "{ broken")
                    case 5: tar.file("var/lib/dpkg/info/\(name).list", "/usr/\(name)\n/usr/lib/\(name)\n")
                    case 6: tar.hardLink("\(folder)/copy/package.json", to: "\(folder)/package.json")
                    default: tar.symbolicLink("opt/\(name)", to: "../app")
                    }
                }
            }
        }
        return image
    }

    @Test(arguments: 1...60 as ClosedRange<UInt64>)
    func secondScanReadsNothingAndFindsTheSame(seed: UInt64) async throws {
        let (image, memory) = (try Self.image(seed: seed), LayerMemory())
        let plain = try await ScanningTests.scan(image)
        let (first, _) = try await scan(image, memory)
        let (second, progress) = try await scan(image, memory)
        expectSame(first, plain)
        expectSame(second, plain)
        #expect(progress.bytesKnown == progress.bytesTotal)
        #expect(progress.bytesDone == progress.bytesTotal)
        #expect(memory.contents.count == Set(image.layers.map(\.descriptor.digest)).count)
    }

    @Test func damagedMemoryIsReadAgain() async throws {
        let (image, memory) = (try Self.image(seed: 3), LayerMemory())
        let (first, _) = try await scan(image, memory)
        for change: ([UInt8]) -> [UInt8] in [
            { _ in [] }, { Array($0.dropLast()) }, { $0 + [0] }, { Array($0.prefix(20)) },
            { bytes in bytes.enumerated().map { $0.offset == bytes.count / 2 ? $0.element ^ 1 : $0.element } },
        ] {
            memory.replace(change)
            let (again, progress) = try await scan(image, memory)
            #expect(progress.bytesKnown == 0)
            expectSame(again, first)
        }
    }

    // What somebody wrote into the database, hash and all: a layer or a miss, and never a crash.
    @Test(arguments: 1...400 as ClosedRange<UInt64>)
    func forgedMemoryIsALayerOrAMiss(seed: UInt64) async throws {
        let mark = "pratique layer \(LayerContents.storedVersion)\n"
        let (image, memory) = (try Self.image(seed: seed % 7 + 1), LayerMemory())
        _ = try await scan(image, memory)
        var mutator = Mutator(random: SeededRandom(seed: seed))
        memory.replace { bytes in
            StoredSeal.seal(mutator.stream(StoredSeal.open(bytes, mark: mark) ?? []), mark: mark)
        }
        let (again, progress) = try await scan(image, memory)
        #expect(progress.bytesDone == progress.bytesTotal)
        #expect(again.layers.count == image.layers.count)
    }

    @Test func incompleteLayerIsNotKept() async throws {
        var image = try Sample.image([["a 1"], ["a 1", "b 1"]])
        image.layers[1].blob = Array(image.layers[1].blob.dropLast(image.layers[1].blob.count / 2))
        let memory = LayerMemory()
        let (scanned, _) = try await scan(image, memory)
        #expect(!scanned.isComplete)
        #expect(Set(memory.contents.keys) == [image.layers[0].descriptor.digest])
        #expect(try await scan(image, memory).1.bytesKnown == Int64(image.layers[0].blob.count))
    }

    @Test func storedResultGivesTheSameReport() async throws {
        let scanned = try await ScanningTests.scan(try Self.image(seed: 11))
        let kept = try #require(ScannedImage(stored: scanned.stored))
        expectSame(kept, scanned)
        #expect(kept.image.layers == scanned.image.layers.map { ScannedImage.withoutPath($0) })
        let advice = Advice(id: "CVE-2026-1", ecosystem: "Debian:12", package: "b", fixed: "2")
        try await withAdvisories([advice]) { database async throws in
            let reports = try [scanned, kept].map {
                try FindingMatcher(database).report(on: $0, at: reportTime, toolVersion: "0-test").json()
            }
            #expect(reports[0] == reports[1])
        }
        #expect(ScannedImage(stored: Array(scanned.stored.dropLast())) == nil)
        #expect(ResolvedImage(stored: scanned.stored, name: "x") == nil)
        #expect(ResolvedImage(stored: scanned.image.stored, name: "other:2")?.name == "other:2")
    }
}

extension ScannedImage {
    /// As an image of a registry has it.
    fileprivate static func withoutPath(_ layer: ResolvedImage.Layer) -> ResolvedImage.Layer {
        var layer = layer
        layer.expectation = LayerExpectation(digest: layer.digest, sizeInBytes: layer.sizeInBytes)
        return layer
    }
}
