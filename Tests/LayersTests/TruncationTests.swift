import Crypto
import ImageFixtures
import Layers
import OCI
import Testing

/// A blob whose descriptor is right and whose content ends too early, or is damaged.
@Suite struct TruncationTests {
    private static let archive = TarFixture.archive { tar in
        tar.file("a", String(repeating: "a", count: 600))
        tar.pax([("path", "b")])
        tar.file("x", String(repeating: "b", count: 100))
        tar.sparseFile(
            "c",
            size: 9000,
            pieces: (0..<6).map { .init(offset: $0 * 1000, bytes: [1, 2, 3]) },
            format: .old
        )
        tar.sparseFile("d", size: 9000, pieces: [.init(offset: 8000, bytes: [1, 2, 3])], format: .pax10)
    }

    /// Where an archive may end: after a header without content, after content, in its padding, between blocks of zeros.
    private static let completeAfter: Set<Int> = {
        var places = Set<Int>()
        // a, then x's header; its content 100 of 512, c's two headers and 18 bytes, d's map of one block and 3 bytes.
        var start = 512 + 600
        func mark(_ range: ClosedRange<Int>) { places.formUnion(range) }
        mark(0...0)
        mark(start...1536)
        start = 1536 + 1024 + 512
        mark((start + 100)...(start + 512))
        start += 512 + 1024
        mark((start + 18)...(start + 512))
        start += 512 + 1024 + 512 + 512
        mark((start + 3)...(start + 512))
        start += 512
        mark(start...start)
        mark((start + 512)...(start + 512))
        mark((start + 1024)...(start + 1024))
        mark((start + 1024)...archive.count)
        return places
    }()

    // At every single byte.
    @Test func plainArchiveCutAnywhereIsIncompleteUnlessNothingIsMissing() throws {
        var wrong: [Int] = []
        for end in 0...Self.archive.count {
            let layer = try read(Array(Self.archive[..<end]), chunk: 1000)
            let isComplete = layer.completeness == .complete
            if isComplete != Self.completeAfter.contains(end) { wrong.append(end) }
            if !isComplete, case .truncated? = layer.incompleteness {} else if !isComplete { wrong.append(end) }
        }
        #expect(wrong == [])
    }

    @Test func cutFileIsUnreadable() throws {
        let layer = try read(Array(Self.archive[..<700]))
        #expect(layer.incompleteness == .truncated("a file"))
        #expect(layer.texts == ["a: unreadable, the layer ends inside the file"])
    }

    // Two members or frames, cut at every byte: complete only at their ends.
    @Test(arguments: ["gzip", "zstd"])
    func compressedLayerCutAnywhereIsIncomplete(form: String) throws {
        let half = 3072
        let (front, back) = (Array(Self.archive[..<half]), Array(Self.archive[half...]))
        let first = try form == "gzip" ? Compressor.gzip(front) : Compressor.zstd(front)
        let second = try form == "gzip" ? Compressor.gzip(back) : Compressor.zstd(back)
        let blob = first + second
        #expect(try read(blob).completeness == .complete)
        // After one byte there is no magic number, and a block of a tar archive that is cut.
        for end in 1..<blob.count {
            let layer = try read(Array(blob[..<end]), chunk: 97)
            #expect(layer.completeness != .complete, "cut at \(end)")
        }
    }

    // Every byte of a gzip trailer and of a zstd checksum counts.
    @Test(arguments: ["gzip", "zstd"])
    func damagedChecksumIsNoticed(form: String) throws {
        let blob = try form == "gzip" ? Compressor.gzip(Self.archive) : Compressor.zstd(Self.archive)
        for back in 1...(form == "gzip" ? 8 : 4) {
            var damaged = blob
            damaged[damaged.count - back] ^= 0x10
            guard case .damagedCompression? = try read(damaged).incompleteness else {
                Issue.record("byte \(back) of the checksum was not compared")
                continue
            }
        }
    }

    @Test(arguments: ["gzip", "zstd"])
    func garbageAfterTheStreamIsDamage(form: String) throws {
        let blob = try form == "gzip" ? Compressor.gzip(Self.archive) : Compressor.zstd(Self.archive)
        for garbage in [[UInt8(1)], [0x1f], Array("garbage that is longer".utf8), [0, 0, 1]] {
            for chunk in [1, blob.count, 1 << 20] {
                let layer = try read(blob + garbage, chunk: chunk)
                #expect(layer.completeness != .complete)
                #expect(layer.kept.count == 4)
            }
        }
    }

    // Optional fields of a gzip header: extra, name, comment, a checksum of the header, right and wrong.
    @Test func gzipHeadersOfEveryShapeAreRead() throws {
        let plain = try Compressor.gzip(Self.archive)
        var header: [UInt8] = [0x1f, 0x8b, 8, 0x1e, 0, 0, 0, 0, 0, 3, 4, 0, 1, 2, 3, 4]
        header += Array("layer.tar\0a comment\0".utf8)
        var sum: UInt32 = 0xffff_ffff
        for byte in header {
            sum ^= UInt32(byte)
            for _ in 0..<8 { sum = sum & 1 == 1 ? sum >> 1 ^ 0xedb8_8320 : sum >> 1 }
        }
        sum = ~sum
        let right = header + [UInt8(truncatingIfNeeded: sum), UInt8(truncatingIfNeeded: sum >> 8)] + plain[10...]
        for chunk in [1, 7, 1 << 20] { #expect(try read(right, chunk: chunk).completeness == .complete) }
        for end in 1..<40 { #expect(try read(Array(right[..<end]), chunk: 3).completeness != .complete) }
        var wrong = right
        wrong[header.count] ^= 1
        #expect(try read(wrong).incompleteness == .damagedCompression("a gzip checksum is wrong"))
    }

    @Test func truncatedTransferIsAnErrorOfTheBlob() throws {
        let digest = OCI.Digest(SHA256.hash(data: Self.archive))
        let expectation = LayerExpectation(digest: digest, sizeInBytes: Int64(Self.archive.count))
        for end in [0, 1, 600, Self.archive.count - 1] {
            #expect {
                try read(Array(Self.archive[..<end]), expecting: expectation)
            } throws: {
                ($0 as? LayerError)?.code == .sizeMismatch
            }
        }
    }
}
