import Foundation
import ImageFixtures
import Layers
import Testing

/// Damaged input of every kind: nothing crashes, nothing hangs, nothing grows, and how the bytes are cut makes no difference.
///
/// A thousand rounds of each kind by default, the same ones every time; `PRATIQUE_FUZZ_SECONDS` goes on with other seeds for so long.
@Suite struct MutationTests {
    enum Kind: String, CaseIterable { case tar, gzip, zstd, compressedTar }

    private static let corpus: [[UInt8]] = [
        TarFixture.archive { tar in
            tar.directory("a")
            tar.file("a/b", "text")
            tar.symbolicLink("c", to: "a")
            tar.hardLink("d", to: "a/b")
            tar.whiteout("e/f")
            tar.opaque("g")
        },
        TarFixture.archive(.pax) { tar in
            tar.file(String(repeating: "long/", count: 40), "1")
            tar.pax([("path", "short"), ("size", "3"), ("linkpath", "x")])
            tar.file("x", "123")
            tar.pax([("comment", "c")], type: "g")
            tar.file("after", "1")
        },
        TarFixture.archive(.gnu) { tar in
            tar.file(String(repeating: "long/", count: 40), "1")
            tar.symbolicLink("y", to: String(repeating: "../", count: 60))
        },
        TarFixture.archive { tar in
            let pieces: [TarFixture.Piece] = (0..<28).map { .init(offset: $0 * 100, bytes: [1, 2, 3]) }
            for format in TarFixture.SparseFormat.allCases {
                tar.sparseFile("\(format)", size: 5000, pieces: pieces, format: format)
            }
        },
    ]

    /// Small, so that a limit that does not hold is noticed.
    private static let limits = {
        var limits = LayerLimits()
        limits.uncompressedBytes = 16 << 20
        limits.ratioFloorInBytes = 4 << 20
        limits.keptBytes = 2 << 20
        limits.indexBytes = 1 << 20
        limits.sparseFileBytes = 1 << 20
        limits.sparsePieces = 100
        limits.zstdWindowLog = 20
        limits.mergeSteps = 100_000
        limits.treeNodes = 10_000
        return limits
    }()

    @Test(arguments: Kind.allCases)
    func damagedInputIsReadToABoundedResult(kind: Kind) throws {
        let seconds = ProcessInfo.processInfo.environment["PRATIQUE_FUZZ_SECONDS"].flatMap(Double.init) ?? 0
        let end = ContinuousClock.now + .seconds(seconds)
        var seed: UInt64 = 1
        while seed <= 1000 || ContinuousClock.now < end {
            try round(kind, seed: seed)
            seed += 1
        }
        #expect(seed > 1000)
    }

    private func round(_ kind: Kind, seed: UInt64) throws {
        var mutator = Mutator(random: SeededRandom(seed: seed))
        let original = Self.corpus[Int(seed) % Self.corpus.count]
        let half = original.count / 1024 * 512
        let (front, back) = (Array(original[..<half]), Array(original[half...]))
        let blob: [UInt8] =
            switch kind {
            case .tar: mutator.archive(original)
            case .gzip: mutator.stream(try Compressor.gzip(front) + Compressor.gzip(back))
            case .zstd:
                mutator.stream(try Compressor.zstd(front) + Compressor.skippableFrame([1, 2]) + Compressor.zstd(back))
            case .compressedTar: try Compressor.gzip(mutator.archive(original))
            }
        let selector: any FileSelector =
            seed % 3 == 0 ? CountedFiles(measuresPieces: false) : WholeFiles(limit: 1 << 20)
        let whole = try read(blob, chunk: 1 << 20, selector: selector, limits: Self.limits)
        let chunk = Int.random(in: 1...900, using: &mutator.random)
        let pieces = try read(blob, chunk: chunk, selector: selector, limits: Self.limits)
        let label: Comment = "\(kind.rawValue), seed \(seed), pieces of \(chunk)"
        if case .damagedCompression? = whole.incompleteness {
            // How much the libraries hand out before they notice the damage is up to the pieces.
            #expect(pieces.completeness != .complete, label)
        } else if kind == .gzip || kind == .zstd, whole.completeness != .complete {
            #expect(pieces.completeness != .complete, label)
        } else {
            #expect(whole.texts == pieces.texts, label)
            #expect(whole.completeness == pieces.completeness, label)
            #expect(whole.whiteouts == pieces.whiteouts, label)
        }
        #expect(whole.kept.reduce(0) { $0 + ($1.bytes?.count ?? 0) } <= 2 << 20, label)
        #expect(whole.kept.allSatisfy { isSafe($0.entry.path) }, label)
        let below = try read(original, selector: selector, limits: Self.limits)
        let system = FileSystem(layers: [below, whole, below, pieces], limits: Self.limits)
        #expect(system.files().allSatisfy { isSafe($0.path) }, label)
        for file in system.files() where system.file(at: file.path)?.path != file.path {
            Issue.record("\(file.path) is not where it is, \(label)")
        }
    }

    private func isSafe(_ path: String) -> Bool {
        !path.isEmpty && path.utf8.count <= 4096
            && path.split(separator: "/", omittingEmptySubsequences: false).allSatisfy {
                !["", ".", ".."].contains($0)
            }
    }
}
