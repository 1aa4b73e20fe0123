import ImageFixtures
import Layers
import Testing

@Suite struct SparseFileTests {
    private static let pieces: [TarFixture.Piece] = (0..<30).map { number in
        .init(offset: 1000 + number * 700, bytes: [UInt8](repeating: UInt8(65 + number), count: 100 + number))
    }

    @Test(arguments: TarFixture.SparseFormat.allCases, [1, 700, 1 << 20])
    func everyFormatIsExpanded(format: TarFixture.SparseFormat, chunk: Int) throws {
        let layer = try read(
            TarFixture.archive { tar in
                tar.sparseFile("large", size: 200_000, pieces: Self.pieces, format: format)
                tar.sparseFile("few", size: 5000, pieces: Array(Self.pieces.prefix(2)), format: format)
                tar.sparseFile("full", size: 3, pieces: [.init(offset: 0, bytes: [7, 8, 9])], format: format)
                tar.file("after", "1")
            },
            chunk: chunk
        )
        #expect(layer.completeness == .complete)
        #expect(layer.kept.map(\.entry.path) == ["large", "few", "full", "after"])
        #expect(layer.kept.map(\.entry.sizeInBytes) == [200_000, 5000, 3, 1])
        #expect(layer.kept[0].bytes == TarFixture.expanded(size: 200_000, pieces: Self.pieces))
        #expect(layer.kept[1].bytes == TarFixture.expanded(size: 5000, pieces: Array(Self.pieces.prefix(2))))
        #expect(layer.kept[2].bytes == [7, 8, 9])
        #expect(layer.kept[3].text == "1")
    }

    // All hole, and nothing at all.
    @Test(arguments: [TarFixture.SparseFormat.old, .pax10], [0, 1, 100_000])
    func fileWithoutDataIsZeros(format: TarFixture.SparseFormat, size: Int) throws {
        let layer = try read(
            TarFixture.archive { tar in
                tar.sparseFile("hole", size: size, pieces: [], format: format)
                tar.file("after", "1")
            }
        )
        #expect(layer.kept.map(\.entry.path) == ["hole", "after"])
        #expect(layer.kept[0].bytes == [UInt8](repeating: 0, count: size))
    }

    // Beyond the end, out of order, overlapping, more or less than the data: the file is lost, the layer is not.
    @Test(arguments: [
        ("0,6", 5, "a sparse file with data beyond its end"),
        ("4,3,0,3", 100, "a sparse file whose pieces are out of order"),
        ("0,4,2,2", 100, "a sparse file whose pieces are out of order"),
        ("0,5", 100, "a sparse file whose map and data do not agree"),
        ("0,7", 100, "a sparse file whose map and data do not agree"),
        ("0,3,3", 100, "a sparse file with a damaged map"),
        ("0,x", 100, "a sparse file with a damaged map"),
        ("0,6,9223372036854775807,1", 100, "a sparse file whose pieces are out of order"),
        ("0,9223372036854775807", 100, "a sparse file with data beyond its end"),
    ])
    func wrongMapMakesTheFileUnreadable(map: String, size: Int, reason: String) throws {
        let layer = try read(
            TarFixture.archive { tar in
                tar.pax([("GNU.sparse.size", "\(size)"), ("GNU.sparse.name", "a"), ("GNU.sparse.map", map)])
                tar.file("x", "123456")
                tar.file("after", "1")
            }
        )
        #expect(layer.completeness == .complete)
        #expect(layer.texts == ["a: unreadable, \(reason)", "after: 1"])
    }

    // No number, no end, a count that is not kept, nothing at all.
    @Test(arguments: ["x\n0\n1\n", "1\n0", "99999\n0\n1\n", "", "1\n0\n99999999999999999999999\n"])
    func wrongMapInTheDataMakesTheFileUnreadable(map: String) throws {
        let layer = try read(
            TarFixture.archive { tar in
                tar.pax([("GNU.sparse.major", "1"), ("GNU.sparse.minor", "0"), ("GNU.sparse.realsize", "100")])
                tar.file("a", map)
                tar.file("after", "1")
            }
        )
        #expect(layer.completeness == .complete)
        #expect(layer.texts == ["a: unreadable, a sparse file with a damaged map", "after: 1"])
    }

    @Test func mapHasALimit() throws {
        var limits = LayerLimits()
        limits.sparsePieces = 29
        for format in TarFixture.SparseFormat.allCases {
            let archive = TarFixture.archive { tar in
                tar.sparseFile("a", size: 200_000, pieces: Self.pieces, format: format)
                tar.file("after", "1")
            }
            let layer = try read(archive, limits: limits)
            #expect(layer.texts == ["a: unreadable, a sparse file of more than 29 pieces", "after: 1"])
            limits.sparsePieces = 30
            #expect(try read(archive, limits: limits).kept[0].bytes?.count == 200_000)
            limits.sparsePieces = 29
        }
    }

    // Eight exbibytes of nothing: refused where it is wanted, free where it is not.
    @Test func sparseBombIsNotExpanded() throws {
        let archive = TarFixture.archive { tar in
            tar.pax([("GNU.sparse.size", "\(Int64.max)"), ("GNU.sparse.name", "bomb"), ("GNU.sparse.map", "0,1")])
            tar.file("x", "1")
            tar.file("after", "1")
        }
        #expect(try read(archive).texts.count == 2)
        #expect(try read(archive).kept[0].text.hasPrefix("unreadable, the file is larger than"))
        let streamed = try read(archive, selector: CountedFiles())
        #expect(streamed.completeness == .complete)
        #expect(streamed.kept[0].text == "unreadable, a sparse file that expands to 9223372036854775807 bytes")
        #expect(try read(archive, selector: NoFiles()).completeness == .complete)
    }

    @Test func expandedBytesCountForTheLimits() throws {
        let archive = TarFixture.archive { tar in
            for number in 0..<20 { tar.sparseFile("\(number)", size: 1 << 20, pieces: [], format: .old) }
        }
        var limits = LayerLimits()
        limits.uncompressedBytes = 5 << 20
        let layer = try read(archive, selector: CountedFiles(), limits: limits)
        #expect(layer.incompleteness == .limit(.uncompressedBytes))
        #expect(layer.kept.count == 5)
        #expect(try read(archive, selector: NoFiles(), limits: limits).completeness == .complete)
    }
}
