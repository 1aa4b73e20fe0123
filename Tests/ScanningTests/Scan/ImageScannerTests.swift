import ImageFixtures
import Inventory
import Layers
import OCI
import Scanning
import Testing

/// From layers to an inventory: which layer brought what, and what is told when something is missing.
@Suite struct ImageScannerTests {
    @Test func eachPackageKnowsTheLayerThatBroughtItsVersion() async throws {
        let scanned = try await scan(
            try Sample.image([["a 1", "b 1"], ["a 1", "b 1", "c 1"], ["a 2", "c 1"], ["a 2", "c 1", "d 1"]])
        )
        #expect(scanned.listing == ["deb a 2 @2", "deb c 1 @1", "deb d 1 @3"])
        #expect(scanned.layers.map(\.layer.createdBy) == ["layer 0", "layer 1", "layer 2", "layer 3"])
        #expect(scanned.isComplete)
    }

    @Test func packageThatComesBackIsOfTheLayerThatBroughtItBack() async throws {
        let scanned = try await scan(try Sample.image([["a 1", "b 1"], ["a 1"], ["a 1", "b 1"]]))
        #expect(scanned.listing == ["deb a 1 @0", "deb b 1 @2"])
    }

    @Test func whiteoutTakesAPackageDatabaseAway() async throws {
        var image = try Sample.image([["a 1"]])
        try image.add { tar in
            tar.whiteout("var/lib/dpkg/status")
            tar.file("app/node_modules/left/package.json", #"{"name":"left","version":"1.0.0"}"#)
        }
        #expect(try await scan(image).listing == ["npm left 1.0.0 @1"])
        try image.add { $0.opaque("app") }
        #expect(try await scan(image).listing == [])
    }

    @Test func databaseComesBackAfterItsWhiteout() async throws {
        var image = try Sample.image([["a 1", "b 1"]])
        try image.add { $0.whiteout("var/lib/dpkg") }
        try image.add { $0.file("var/lib/dpkg/status", Sample.status(["b 1"])) }
        let scanned = try await scan(image)
        #expect(scanned.inventory.packages.map(\.name) == ["b"])
        #expect(scanned.isComplete)
    }

    @Test func layersOfEveryTypeAreRead() async throws {
        for flavor in ImageFixture.Flavor.allCases {
            var image = try Sample.image([["a 1"]], flavor: flavor)
            for (number, compression) in [LayerCompression.none, .gzip, .zstd].enumerated() {
                try image.add(compression) { tar in
                    let name = "p\(number)"
                    tar.file("app/node_modules/\(name)/package.json", #"{"name":"\#(name)","version":"1.0.0"}"#)
                }
            }
            let expected = ["deb a 1 @0", "npm p0 1.0.0 @1", "npm p1 1.0.0 @2", "npm p2 1.0.0 @3"]
            #expect(try await scan(image).listing == expected)
        }
    }

    @Test func sameLayerTwiceIsReadOnceAndCountsTwice() async throws {
        var image = try Sample.image([["a 1"], ["a 1", "b 1"]])
        image.layers += image.layers
        let progress = ScanProgress()
        let scanned = try await withLayout(image) { directory async throws in
            try await ImageScanner(window: 1).scan(LayoutImage(directory: directory, tag: nil), progress: progress)
        }
        #expect(scanned.layers.count == 4)
        #expect(scanned.isComplete)
        #expect(progress.state.layersDone == 2)
        #expect(progress.state.bytesDone == Int64(image.layers[0].blob.count + image.layers[1].blob.count))
        #expect(progress.state.bytesDone == progress.state.bytesTotal)
    }

    @Test func emptyLayersAreCompleteAndNoLayersAreNoPackages() async throws {
        var image = try Sample.image([["a 1"]])
        try image.add { _ in }
        // Zero bytes, without even the blocks that end an archive.
        try image.add(.none, archive: [])
        let scanned = try await scan(image)
        #expect(scanned.listing == ["deb a 1 @0"])
        #expect(scanned.isComplete)
        let nothing = try await scan(ImageFixture())
        #expect(nothing.listing == [])
        #expect(nothing.isComplete)
    }

    @Test func foreignLayerThatIsMissingIsIncomplete() async throws {
        let type = "application/vnd.docker.image.rootfs.foreign.diff.tar.gzip"
        var image = try Sample.image([["a 1"]])
        try image.add(mediaType: type, archive: TarFixture.archive { $0.file("x") })
        #expect(try await scan(image).isComplete)
        var layout = LayoutFixture()
        layout.add(image)
        layout.blobs[image.layers[1].descriptor.digest] = nil
        try await withLayout(layout) { directory async throws in
            let scanned = try await ImageScanner().scan(LayoutImage(directory: directory, tag: nil))
            #expect(!scanned.isComplete)
            #expect(scanned.listing == ["deb a 1 @0"])
            #expect(scanned.reasons[1]?.contains("foreign layer") == true)
        }
    }

    @Test func layerThatIsNoneIsIncomplete() async throws {
        var image = try Sample.image([["a 1"]])
        try image.add(mediaType: "application/vnd.in-toto+json", archive: [1, 2, 3])
        let scanned = try await scan(image)
        #expect(scanned.reasons[1]?.contains("application/vnd.in-toto+json, which is no layer") == true)
        #expect(!scanned.isComplete)
    }

    // What the layer itself lacks is told; the rest of the image goes on.
    @Test func damagedLayerIsIncompleteAndTheOthersGoOn() async throws {
        var image = try Sample.image([["a 1"]])
        let archive = TarFixture.archive { tar in
            tar.file("app/node_modules/left/package.json", #"{"name":"left","version":"1.0.0"}"#)
            tar.file("padding", String(repeating: "x", count: 2000))
        }
        try image.add(.none, archive: Array(archive.dropLast(2048)))
        try image.add { $0.file("app/node_modules/right/package.json", #"{"name":"right","version":"2.0.0"}"#) }
        let scanned = try await scan(image)
        #expect(scanned.listing == ["deb a 1 @0", "npm left 1.0.0 @1", "npm right 2.0.0 @2"])
        #expect(scanned.reasons[1]?.contains("the layer ends inside") == true)
        #expect(scanned.reasons[0] == nil && scanned.reasons[2] == nil)
    }

    // (what the manifest says of a layer that is whole)
    @Test(arguments: ["digest", "shorter", "longer", "damaged"])
    func layerThatIsNotTheOneAnnouncedEndsTheScan(lie: String) async throws {
        var image = try Sample.image([["a 1"], ["b 1"]])
        let count = image.layers[1].blob.count
        switch lie {
        case "digest": image.layers[1].toldDigest = ImageFixture.digest([1])
        case "shorter": image.layers[1].toldSize = count - 1
        case "longer": image.layers[1].toldSize = count + 1
        default:
            image.layers[1].toldDigest = image.layers[1].descriptor.digest
            image.layers[1].blob[count / 2] ^= 0x55
        }
        let error = await scanError { _ = try await scan(image) }
        #expect(error?.code == .contentMismatch)
        #expect(error?.message.contains("the layer sha256:") == true)
    }

    // Each limit of a layer and of the merge, broken by an image that is fine without it.
    static let limits: [(name: String, edit: @Sendable (inout LayerLimits) -> Void)] = [
        ("compressed-bytes", { $0.compressedBytes = 100 }),
        ("uncompressed-bytes", { $0.uncompressedBytes = 2048 }),
        (
            "ratio",
            {
                $0.ratioFloorInBytes = 4096
                $0.ratio = 2
            }
        ),
        ("entries", { $0.entries = 2 }),
        ("path-length", { $0.pathLengthInBytes = 100 }),
        ("nesting", { $0.nesting = 3 }),
        ("index-bytes", { $0.indexBytes = 64 }),
        ("pax-header", { $0.paxHeaderBytes = 32 }),
        ("duration", { $0.duration = .zero - .seconds(1) }),
    ]

    static func limited() throws -> ImageFixture {
        var image = try Sample.image([["a 1"]])
        try image.add(
            archive: TarFixture.archive(.pax) { tar in
                tar.file("app/node_modules/left/package.json", #"{"name":"left","version":"1.0.0"}"#)
                tar.file(String(repeating: "deep/", count: 30) + "file", "1")
                tar.file("zeros", String(repeating: "0", count: 100_000))
                tar.file("app/node_modules/right/package.json", #"{"name":"right","version":"1.0.0"}"#)
            }
        )
        return image
    }

    @Test func imageOfTheLimitTestsIsFine() async throws {
        let scanned = try await scan(ImageScannerTests.limited())
        #expect(scanned.isComplete)
        #expect(scanned.listing == ["deb a 1 @0", "npm left 1.0.0 @1", "npm right 1.0.0 @1"])
    }

    @Test(arguments: ImageScannerTests.limits.indices)
    func brokenLimitEndsItsLayerAsIncomplete(index: Int) async throws {
        let (name, edit) = ImageScannerTests.limits[index]
        var limits = LayerLimits()
        edit(&limits)
        let scanned = try await scan(ImageScannerTests.limited(), limits: limits)
        #expect(!scanned.isComplete)
        #expect(scanned.reasons[1] == "the layer is over the limit \(name)")
        #expect(!scanned.listing.contains("npm right 1.0.0 @1"))
    }

    @Test(arguments: ["merge-steps", "tree-nodes"])
    func brokenLimitOfTheMergeIsIncomplete(name: String) async throws {
        var limits = LayerLimits()
        if name == "tree-nodes" { limits.treeNodes = 3 } else { limits.mergeSteps = 3 }
        let scanned = try await scan(ImageScannerTests.limited(), limits: limits)
        #expect(scanned.reasons == [nil, nil])
        #expect(scanned.merge == .incomplete(.limit(LayerLimit(rawValue: name) ?? .ratio)))
        #expect(!scanned.isComplete)
    }

    @Test func zstdWindowThatIsTooLargeIsIncomplete() async throws {
        var image = try Sample.image([["a 1"]])
        image.layers[0].blob = try Compressor.zstd(image.layers[0].archive, windowLog: 24)
        var limits = LayerLimits()
        limits.zstdWindowLog = 20
        #expect(try await scan(image, limits: limits).reasons == ["the layer is over the limit zstd-window"])
        #expect(try await scan(image).isComplete)
    }

    @Test func layerOverALimitIsNotReadToItsEnd() async throws {
        var image = ImageFixture()
        let random = (0..<300_000).map { UInt8(truncatingIfNeeded: $0 &* 2_654_435_761 >> 7) }
        try image.add(.none) { tar in
            for number in 0..<8 { tar.file(Array("file\(number)".utf8), random) }
        }
        var limits = LayerLimits()
        limits.entries = 1
        let progress = ScanProgress()
        try await withLayout(image) { directory async throws in
            let scanned = try await ImageScanner(limits: limits)
                .scan(LayoutImage(directory: directory, tag: nil), progress: progress)
            #expect(!scanned.isComplete)
        }
        #expect(progress.state.bytesDone < Int64(image.layers[0].blob.count / 2))
    }

    @Test func unreadableFileIsToldAndTheRestGoesOn() async throws {
        var image = try Sample.image([["a 1"]])
        try image.add { tar in
            tar.file("app/lib.jar", "PK\u{3}\u{4} and no more")
            tar.file("app/node_modules/left/package.json", #"{"name":"left","version":"1.0.0"}"#)
        }
        let scanned = try await scan(image)
        #expect(scanned.listing == ["deb a 1 @0", "npm left 1.0.0 @1"])
        #expect(scanned.inventory.unreadable.map(\.path) == ["app/lib.jar"])
        #expect(scanned.isComplete)
    }
}
