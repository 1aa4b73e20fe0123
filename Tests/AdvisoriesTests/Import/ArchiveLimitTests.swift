import Foundation
import Testing

@testable import Advisories

/// Archives that want too much, and archives that are damaged.
@Suite struct ArchiveLimitTests {
    private let directory: TemporaryDirectory

    init() throws { directory = try TemporaryDirectory() }

    private func run(_ bytes: [UInt8], _ limits: AdvisoryImportLimits) async throws -> AdvisoryImportReport {
        let path = try directory.write(bytes, to: "archive")
        return try await AdvisoryImport(into: directory.file("db"), limits: limits).run([.path(path)])
    }

    private func expectLimit(_ bytes: [UInt8], _ limits: AdvisoryImportLimits) async throws {
        let error = await #expect(throws: AdvisoryError.self) { try await run(bytes, limits) }
        #expect(error?.code == .limitExceeded)
        #expect(!FileManager.default.fileExists(atPath: directory.file("db")))
    }

    private static let blanks = [UInt8](repeating: 32, count: 4 << 20)

    @Test(arguments: [ArchiveFixture.Form.zip, .tarGzip, .tarZstd, .gzip])
    func bombIsStoppedByItsRatio(form: ArchiveFixture.Form) async throws {
        var limits = AdvisoryImportLimits()
        limits.ratioFreeInBytes = 1 << 20
        try await expectLimit(ArchiveFixture.bytes(form, [("bomb.json", ArchiveLimitTests.blanks)]), limits)
    }

    @Test func entryThatIsLeftOutStillCounts() async throws {
        var limits = AdvisoryImportLimits()
        limits.fileInBytes = 1_000
        limits.ratioFreeInBytes = 1 << 20
        try await expectLimit(ArchiveFixture.bytes(.zip, [("bomb.json", ArchiveLimitTests.blanks)]), limits)
    }

    @Test func totalIsBounded() async throws {
        var limits = AdvisoryImportLimits()
        limits.archiveInBytes = 1 << 20
        try await expectLimit(ArchiveFixture.bytes(.tar, [("a", ArchiveLimitTests.blanks)]), limits)
    }

    @Test func entriesAreBounded() async throws {
        var limits = AdvisoryImportLimits()
        limits.entries = 9
        let entries = (0..<10).map { ("\($0).json", Array("{}".utf8)) }
        try await expectLimit(ArchiveFixture.bytes(.zip, entries), limits)
    }

    @Test func filesAndFoldersOfADirectoryAreBounded() async throws {
        var limits = AdvisoryImportLimits()
        limits.entries = 2
        for name in ["in/1", "in/2", "in/3"] { try directory.write("{}".utf8, to: name) }
        try directory.write("{}".utf8, to: "deep/a/b/c/d")
        let database = directory.file("db")
        await #expect(throws: AdvisoryError.self) {
            try await AdvisoryImport(into: database, limits: limits).run([.path(directory.file("in"))])
        }
        limits.depth = 2
        await #expect(throws: AdvisoryError.self) {
            try await AdvisoryImport(into: database, limits: limits).run([.path(directory.file("deep"))])
        }
    }

    @Test func wrongChecksumDamagesOneEntry() async throws {
        let good = RecordFixture("X-1", [affected("PyPI", "a", ["introduced 0"])]).bytes
        var archive = try ArchiveFixture.bytes(.zip, [("X-1.json", good), ("X-2.json", good)])
        // The name of the first local header ends where its data begins.
        let start = try #require(archive.indices.first { archive[$0...].starts(with: "X-1.json".utf8) }) + 8
        archive[start + good.count / 4] ^= 0xFF
        let report = try? await run(archive, AdvisoryImportLimits())
        // The reader may find the stream itself broken; what it must not do is take a changed record in silence.
        #expect(report == nil || (report?.damaged ?? 0) > 0)
    }

    @Test func mutatedArchivesNeverTrapAndStayBounded() async throws {
        let entries = (0..<6).map { number in
            ("X-\(number).json", RecordFixture("X-\(number)", [affected("PyPI", "a", ["introduced 0"])]).bytes)
        }
        var limits = AdvisoryImportLimits()
        limits.archiveInBytes = 8 << 20
        for form in [ArchiveFixture.Form.zip, .tarGzip, .tarZstd, .tar] {
            var read = 0
            try Mutation.run([try ArchiveFixture.bytes(form, entries)], seed: 41, rounds: 150) { bytes in
                let path = try directory.write(bytes, to: "mutated")
                let file = try SourceFile(path)
                guard file.kind == .archive,
                    let archive = try? ArchiveReader(
                        file.descriptor,
                        sizeInBytes: file.sizeInBytes,
                        name: "mutated",
                        limits: limits
                    )
                else {
                    return
                }
                // A damaged archive may give as many entries as it likes, up to the limit.
                while let entry = try? archive.next() {
                    if case .file(_, let bytes) = entry { read += 1; _ = try? OSVReader.read(bytes) }
                }
            }
            #expect(read > 0)
        }
    }
}
