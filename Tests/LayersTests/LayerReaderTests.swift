import Crypto
import ImageFixtures
import Layers
import OCI
import Testing

@Suite struct LayerReaderTests {
    private static let archive = TarFixture.archive { tar in
        tar.directory("etc")
        tar.file("etc/one", "1")
        tar.file("etc/two", String(repeating: "two ", count: 3000), mode: 0o600)
        tar.symbolicLink("etc/three", to: "one")
        tar.file("empty")
        tar.hardLink("etc/four", to: "etc/one")
        tar.whiteout("gone/file")
        tar.opaque("var/new")
    }

    /// A way to store the archive.
    struct Form: CustomTestStringConvertible, Sendable {
        let name: String
        let compression: LayerCompression
        let store: @Sendable ([UInt8]) throws -> [UInt8]

        var testDescription: String { name }
    }

    private static let forms = [
        Form(name: "plain", compression: .none) { $0 },
        Form(name: "gzip", compression: .gzip) { try Compressor.gzip($0) },
        Form(name: "gzip members", compression: .gzip) {
            try Compressor.gzip(Array($0.prefix(5000))) + Compressor.gzip([])
                + Compressor.gzip(Array($0.dropFirst(5000)))
        },
        Form(name: "gzip padded", compression: .gzip) { try Compressor.gzip($0) + [UInt8](repeating: 0, count: 700) },
        Form(name: "zstd", compression: .zstd) { try Compressor.zstd($0) },
        Form(name: "zstd frames", compression: .zstd) {
            try Compressor.skippableFrame([1, 2, 3]) + Compressor.zstd(Array($0.prefix(5000)))
                + Compressor.skippableFrame([]) + Compressor.zstd(Array($0.dropFirst(5000)))
                + Compressor.skippableFrame([UInt8](repeating: 7, count: 900), number: 15)
        },
    ]

    @Test(arguments: forms)
    func everyFormOfStorageGivesTheSame(form: Form) throws {
        let blob = try form.store(Self.archive)
        let layer = try read(blob)
        #expect(layer.completeness == .complete)
        #expect(layer.isVerified)
        #expect(layer.compression == form.compression)
        #expect(layer.kept.map(\.entry.path) == ["etc/one", "etc/two", "empty", "etc/four"])
        #expect(layer.kept.map { $0.bytes?.count } == [1, 12000, 0, 1])
        #expect(layer.kept[1].entry == LayerEntry(path: "etc/two", kind: .file, sizeInBytes: 12000, mode: 0o600))
        #expect(layer.kept[3].entry.kind == .hardLink(target: "etc/one"))
        #expect(layer.whiteouts == ["gone/file"])
        #expect(layer.opaqueDirectories == ["var/new"])
        #expect(layer.counts.compressedBytes == Int64(blob.count))
        #expect(layer.counts.uncompressedBytes == Int64(Self.archive.count))
        #expect(layer.counts.entries == 8)
    }

    // Whatever the network cuts the blob into.
    @Test(arguments: forms, [1, 2, 3, 7, 511, 512, 513, 1 << 20])
    func sizeOfChunksMakesNoDifference(form: Form, chunk: Int) throws {
        let blob = try form.store(Self.archive)
        let whole = try read(blob, chunk: blob.count)
        let pieces = try read(blob, chunk: chunk)
        #expect(pieces.texts == whole.texts)
        #expect(pieces.counts == whole.counts)
        #expect(pieces.completeness == whole.completeness)
        #expect(pieces.whiteouts == whole.whiteouts)
    }

    @Test func fileReaderGetsPiecesOfLimitedSize() throws {
        let content = [UInt8](repeating: 3, count: 200_000)
        let layer = try read(
            TarFixture.archive { tar in
                tar.file(Array("large".utf8), content)
                tar.file("damaged", "!")
                tar.file("dull", "-")
            },
            chunk: 1 << 20,
            selector: CountedFiles()
        )
        #expect(layer.kept.map(\.entry.path) == ["large", "damaged"])
        guard case .reading(let reading) = layer.kept[0].content else {
            Issue.record("nothing was made of the file")
            return
        }
        #expect(reading as? CountingReader.Count == .init(bytes: 200_000, sum: 600_000, largestPiece: 64 << 10))
        #expect(layer.kept[1].text == "unreadable, it begins with !")
    }

    @Test func wholeFileOverItsLimitIsUnreadable() throws {
        let layer = try read(
            TarFixture.archive { tar in
                tar.file("large", "12345")
                tar.file("small", "1234")
            },
            selector: WholeFiles(limit: 4)
        )
        #expect(layer.completeness == .complete)
        #expect(
            layer.texts == [
                "large: unreadable, the file is larger than the 4 bytes that are read of its kind", "small: 1234",
            ]
        )
    }

    @Test func emptyBlobIsAnEmptyLayer() throws {
        let layer = try read([])
        #expect(layer.completeness == .complete)
        #expect(layer.isVerified)
        #expect(layer.kept.isEmpty)
    }

    @Test(arguments: [
        OCI.Digest(SHA256.hash(data: archive)), OCI.Digest(SHA512.hash(data: archive)),
    ])
    func eitherHashIsCompared(digest: OCI.Digest) throws {
        let expectation = LayerExpectation(digest: digest, sizeInBytes: nil)
        #expect(try read(Self.archive, expecting: expectation).isVerified)
        var damaged = Self.archive
        damaged[600] ^= 1
        #expect {
            try read(damaged, expecting: expectation)
        } throws: {
            ($0 as? LayerError)?.code == .digestMismatch
        }
    }

    @Test(arguments: [-1, 1, -512, 100_000])
    func wrongSizeIsAnErrorOfItsOwn(difference: Int) throws {
        let digest = OCI.Digest(SHA256.hash(data: Self.archive))
        let size = Int64(Self.archive.count + difference)
        #expect {
            try read(Self.archive, expecting: LayerExpectation(digest: digest, sizeInBytes: size), chunk: 512)
        } throws: {
            ($0 as? LayerError)?.code == .sizeMismatch
        }
    }

    // A registry that never stops sending is not listened to.
    @Test func blobLongerThanAnnouncedIsGivenUp() throws {
        var reader = LayerReader(expecting: LayerExpectation(digest: nil, sizeInBytes: 512), selector: NoFiles())
        #expect(Self.archive[..<512].withUnsafeBytes { reader.write($0) })
        #expect(!Self.archive[512..<513].withUnsafeBytes { reader.write($0) })
        #expect(reader.counts.compressedBytes == 513)
    }

    @Test func archiveDigestIsCompared() throws {
        let blob = try Compressor.gzip(Self.archive)
        let right = OCI.Digest(SHA256.hash(data: Self.archive))
        let wrong = OCI.Digest(SHA256.hash(data: blob))
        let none = LayerExpectation(digest: nil, sizeInBytes: nil, archiveDigest: right)
        #expect(try read(blob, expecting: none).completeness == .complete)
        #expect {
            try read(blob, expecting: LayerExpectation(digest: wrong, sizeInBytes: nil, archiveDigest: wrong))
        } throws: {
            ($0 as? LayerError)?.code == .digestMismatch
        }
    }

    @Test func damagedLayerIsStillVerified() throws {
        let layer = try read(
            Array("this is no archive, and longer than a block".utf8) + [UInt8](repeating: 1, count: 600)
        )
        #expect(layer.incompleteness == .damagedArchive("a header's checksum is wrong"))
        #expect(layer.isVerified)
    }

    @Test func layerThatWasNotReadSaysSo() {
        let layer = LayerContents.notRead("a foreign layer")
        #expect(layer.incompleteness?.description == "the layer was not read: a foreign layer")
        #expect(!layer.isVerified)
    }
}
