import ImageFixtures
import Layers
import Synchronization
import Testing

/// Each limit, on both sides of it.
@Suite struct LayerLimitTests {
    private static let zeros = [UInt8](repeating: 0, count: 4 << 20)

    private static let bomb = TarFixture.archive { tar in
        tar.file("before", "1")
        tar.file(Array("zeros".utf8), zeros)
        tar.file("after", "2")
    }

    private func limits(_ edit: (inout LayerLimits) -> Void) -> LayerLimits {
        var limits = LayerLimits()
        edit(&limits)
        return limits
    }

    @Test func compressedBytes() throws {
        let archive = TarFixture.archive { $0.file("a", "1") }
        let size = Int64(archive.count)
        #expect(try read(archive, limits: limits { $0.compressedBytes = size }).completeness == .complete)
        let layer = try read(archive, limits: limits { $0.compressedBytes = size - 1 })
        #expect(layer.incompleteness == .limit(.compressedBytes))
        // The size is announced: nothing of it is read.
        #expect(layer.kept.isEmpty)
        #expect(layer.isVerified)
    }

    @Test func compressedBytesWithoutAnAnnouncement() throws {
        let archive = TarFixture.archive {
            $0.file("a", "1"); $0.file("b", "2")
        }
        let expectation = LayerExpectation(digest: nil, sizeInBytes: nil)
        let layer = try read(archive, expecting: expectation, chunk: 512, limits: limits { $0.compressedBytes = 1500 })
        #expect(layer.incompleteness == .limit(.compressedBytes))
        #expect(layer.texts == ["a: 1"])
    }

    // What comes before is kept, what comes after is not looked at.
    @Test(arguments: ["gzip", "zstd"])
    func bombsEndAtUncompressedBytes(form: String) throws {
        let blob = try form == "gzip" ? Compressor.gzip(Self.bomb) : Compressor.zstd(Self.bomb)
        #expect(blob.count < 50_000)
        let layer = try read(blob, selector: NamedFiles(prefix: ""), limits: limits { $0.uncompressedBytes = 1 << 20 })
        #expect(layer.incompleteness == .limit(.uncompressedBytes))
        #expect(layer.isVerified)
        #expect(layer.counts.uncompressedBytes <= 2 << 20)
        #expect(layer.kept.first?.text == "1")
        #expect(!layer.kept.contains { $0.entry.path == "after" })
    }

    @Test(arguments: ["gzip", "zstd"])
    func bombsEndAtTheRatio(form: String) throws {
        let blob = try form == "gzip" ? Compressor.gzip(Self.bomb) : Compressor.zstd(Self.bomb)
        let strict = limits {
            $0.ratioFloorInBytes = 1 << 20; $0.ratio = 50
        }
        #expect(try read(blob, selector: NoFiles(), limits: strict).incompleteness == .limit(.ratio))
        let lenient = limits {
            $0.ratioFloorInBytes = 8 << 20; $0.ratio = 50
        }
        #expect(try read(blob, selector: NoFiles(), limits: lenient).completeness == .complete)
        #expect(try read(blob, selector: NoFiles()).completeness == .complete)
    }

    @Test func entries() throws {
        let archive = TarFixture.archive { tar in for number in 0..<50 { tar.file("\(number)") } }
        #expect(try read(archive, limits: limits { $0.entries = 50 }).completeness == .complete)
        let layer = try read(archive, limits: limits { $0.entries = 49 })
        #expect(layer.incompleteness == .limit(.entries))
        #expect(layer.kept.count == 49)
    }

    @Test(arguments: [TarFixture.Format.pax, .gnu])
    func pathLength(format: TarFixture.Format) throws {
        let name = String(repeating: "0123456789", count: 20)
        let file = TarFixture.archive(format) { $0.file(name) }
        let link = TarFixture.archive(format) { $0.symbolicLink("a", to: name) }
        for archive in [file, link] {
            #expect(try read(archive, limits: limits { $0.pathLengthInBytes = 200 }).completeness == .complete)
            let layer = try read(archive, limits: limits { $0.pathLengthInBytes = 199 })
            #expect(layer.incompleteness == .limit(.pathLength))
        }
    }

    @Test func nesting() throws {
        let archive = TarFixture.archive { $0.file(String(repeating: "a/", count: 40) + "b") }
        #expect(try read(archive, limits: limits { $0.nesting = 41 }).completeness == .complete)
        #expect(try read(archive, limits: limits { $0.nesting = 40 }).incompleteness == .limit(.nesting))
    }

    @Test func indexBytes() throws {
        let archive = TarFixture.archive { tar in for number in 0..<1000 { tar.directory("directory-\(number)") } }
        // What differs from the name before, and three bytes.
        #expect(try read(archive, limits: limits { $0.indexBytes = 8000 }).completeness == .complete)
        #expect(try read(archive, limits: limits { $0.indexBytes = 3000 }).incompleteness == .limit(.indexBytes))
    }

    @Test func keptBytes() throws {
        let archive = TarFixture.archive { tar in
            for name in ["a", "b", "c"] { tar.file(name, String(repeating: name, count: 10_000)) }
        }
        #expect(try read(archive, limits: limits { $0.keptBytes = 31_000 }).counts.keptBytes == 30_000)
        let layer = try read(archive, limits: limits { $0.keptBytes = 30_000 })
        #expect(layer.incompleteness == .limit(.keptBytes))
        #expect(layer.kept.count == 2)
    }

    // Files of no bytes take memory all the same.
    @Test func keptBytesCountEmptyFilesAndHardLinks() throws {
        let files = TarFixture.archive { tar in for number in 0..<100 { tar.file("\(number)") } }
        let links = TarFixture.archive { tar in for number in 0..<100 { tar.hardLink("\(number)", to: "below") } }
        for archive in [files, links] {
            let layer = try read(archive, limits: limits { $0.keptBytes = 10_000 })
            #expect(layer.incompleteness == .limit(.keptBytes))
        }
    }

    @Test(arguments: ["x", "g"] as [Character])
    func paxHeader(type: Character) throws {
        let archive = TarFixture.archive { tar in
            tar.pax([("comment", String(repeating: "c", count: 3000))], type: type)
            tar.file("a", "1")
        }
        #expect(try read(archive).texts == ["a: 1"])
        #expect(try read(archive, limits: limits { $0.paxHeaderBytes = 3000 }).incompleteness == .limit(.paxHeader))
    }

    @Test func zstdWindow() throws {
        let blob = try Compressor.zstd(Self.bomb, windowLog: 22)
        #expect(try read(blob, selector: NoFiles(), limits: limits { $0.zstdWindowLog = 22 }).completeness == .complete)
        let layer = try read(blob, selector: NoFiles(), limits: limits { $0.zstdWindowLog = 21 })
        #expect(layer.incompleteness == .limit(.zstdWindow))
    }

    // The clock says a second more each time it is looked at.
    @Test func duration() throws {
        let clock = Atomic(0)
        let elapsed: @Sendable () -> Duration = { .seconds(clock.add(1, ordering: .relaxed).newValue) }
        let archive = TarFixture.archive { tar in for name in "abcdefgh" { tar.file("\(name)", "1") } }
        let layer = try read(archive, chunk: 1024, limits: limits { $0.duration = .seconds(3) }, elapsed: elapsed)
        #expect(layer.incompleteness == .limit(.duration))
        #expect(layer.texts == ["a: 1", "b: 1", "c: 1"])
    }

    // One small piece of the blob can ask for hours of work: the clock is looked at in between.
    @Test func durationIsNoticedInsideAPiece() throws {
        let clock = Atomic(0)
        let elapsed: @Sendable () -> Duration = { .seconds(clock.add(1, ordering: .relaxed).newValue) }
        let archive = TarFixture.archive { tar in
            for number in 0..<100 { tar.sparseFile("\(number)", size: 1 << 20, pieces: [], format: .old) }
        }
        let strict = limits { $0.duration = .seconds(5) }
        let layer = try read(archive, chunk: archive.count, selector: CountedFiles(), limits: strict, elapsed: elapsed)
        #expect(layer.incompleteness == .limit(.duration))
        #expect((10...30).contains(layer.kept.count))
    }

    @Test func givenUpLayerIsIncompleteAndUnverified() throws {
        let archive = TarFixture.archive {
            $0.file("a", "1"); $0.file("b", "2")
        }
        let expectation = LayerExpectation(digest: nil, sizeInBytes: Int64(archive.count))
        var reader = LayerReader(expecting: expectation, selector: WholeFiles())
        write(Array(archive[..<1024]), to: &reader, chunk: 1024)
        let layer = reader.giveUp(.notRead("the connection broke"))
        #expect(layer.incompleteness == .notRead("the connection broke"))
        #expect(!layer.isVerified)
        #expect(layer.texts == ["a: 1"])
    }
}
