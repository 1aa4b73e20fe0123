import Foundation
import Testing

@testable import Advisories

@Suite struct AdvisoryImportTests {
    private let directory: TemporaryDirectory

    init() throws { directory = try TemporaryDirectory() }

    private var database: String { directory.file("db") }

    private func record(_ id: String, modified: String = "2024-01-01T00:00:00Z", fixed: String = "2") -> RecordFixture {
        RecordFixture(id, modified: modified, [affected("PyPI", "a", ["introduced 0", "fixed \(fixed)"])])
    }

    @discardableResult
    private func run(
        _ sources: String...,
        startsEmpty: Bool = false,
        limits: AdvisoryImportLimits = AdvisoryImportLimits()
    ) async throws -> AdvisoryImportReport {
        try await AdvisoryImport(into: database, startsEmpty: startsEmpty, limits: limits).run(
            sources.map { .path($0) }
        )
    }

    private func fixes(_ version: String = "1") throws -> [String: String?] {
        let matches = try AdvisoryDatabase(path: database)
            .match([AdvisoryQuery(ecosystem: "PyPI", name: "a", version: version)]).matches
        return Dictionary(uniqueKeysWithValues: matches.map { ($0.advisory.id, $0.fixedIn) })
    }

    @Test(arguments: [ArchiveFixture.Form.zip, .tar, .tarGzip, .tarZstd])
    func archiveOfEveryFormIsRead(form: ArchiveFixture.Form) async throws {
        let archive = try ArchiveFixture.bytes(
            form,
            [("X-1.json", record("X-1").bytes), ("d/X-2.json", record("X-2").bytes)]
        )
        let report = try await run(directory.write(archive, to: "all"))
        #expect(report.added == 2)
        #expect(report.damaged == 0)
        #expect(try fixes().keys.sorted() == ["X-1", "X-2"])
    }

    @Test func directoryIsReadWithItsFoldersAndArchives() async throws {
        try directory.write(record("X-1").bytes, to: "in/X-1.json")
        try directory.write(record("X-2").bytes, to: "in/deep/er/X-2.json")
        try directory.write(try ArchiveFixture.bytes(.zip, [("X-3.json", record("X-3").bytes)]), to: "in/PyPI/all.zip")
        try directory.write("# Notes".utf8, to: "in/README.md")
        let report = try await run(directory.file("in"))
        #expect(report.added == 3)
        #expect(report.ignored == 1)
    }

    @Test func linksAreNotFollowed() async throws {
        try directory.write(record("X-1").bytes, to: "in/X-1.json")
        try FileManager.default.createSymbolicLink(
            atPath: directory.file("in/loop"),
            withDestinationPath: directory.file("in")
        )
        let report = try await run(directory.file("in"))
        #expect(report.added == 1)
    }

    @Test func streamIsReadAsTheFileItWouldBe() async throws {
        let archive = try ArchiveFixture.bytes(.zip, [("X-1.json", record("X-1").bytes)])
        let stream = AsyncThrowingStream<[UInt8], any Error> { continuation in
            for start in stride(from: 0, to: archive.count, by: 7) {
                continuation.yield(Array(archive[start..<min(archive.count, start + 7)]))
            }
            continuation.finish()
        }
        let report = try await AdvisoryImport(into: database).run([.stream(name: "https://example.com/all.zip", stream)]
        )
        #expect(report.added == 1)
        #expect(try directory.names == ["db", "db.lock"])
    }

    @Test func streamThatFailsLeavesTheOldSnapshot() async throws {
        try await run(directory.write(record("X-1").bytes, to: "X-1.json"))
        struct Broken: Error {}
        let stream = AsyncThrowingStream<[UInt8], any Error> { continuation in
            continuation.yield(Array("PK".utf8))
            continuation.finish(throwing: Broken())
        }
        await #expect(throws: Broken.self) {
            try await AdvisoryImport(into: database).run([.stream(name: "all.zip", stream)])
        }
        #expect(try fixes().keys.sorted() == ["X-1"])
    }

    @Test func streamBeyondItsLimitEndsTheImport() async throws {
        var limits = AdvisoryImportLimits()
        limits.streamInBytes = 100
        let stream = AsyncThrowingStream<[UInt8], any Error> { continuation in
            for _ in 0..<20 { continuation.yield(Array(repeating: 32, count: 10)) }
            continuation.finish()
        }
        await #expect(throws: AdvisoryError.self) {
            try await AdvisoryImport(into: database, limits: limits).run([.stream(name: "all.zip", stream)])
        }
    }

    @Test func laterModifiedReplacesAndEarlierDoesNot() async throws {
        try await run(directory.write(record("X-1", modified: "2024-02-01T00:00:00Z", fixed: "2").bytes, to: "1.json"))
        let older = try await run(
            directory.write(record("X-1", modified: "2024-01-01T00:00:00Z", fixed: "3").bytes, to: "2.json")
        )
        #expect(older.unchanged == 1)
        #expect(try fixes() == ["X-1": "2"])
        let newer = try await run(
            directory.write(record("X-1", modified: "2024-03-01T00:00:00Z", fixed: "4").bytes, to: "3.json")
        )
        #expect(newer.replaced == 1)
        #expect(try fixes() == ["X-1": "4"])
    }

    @Test func replacedRecordLeavesItsOldPackages() async throws {
        try await run(directory.write(record("X-1").bytes, to: "1.json"))
        let moved = RecordFixture("X-1", modified: "2025-01-01T00:00:00Z", [affected("PyPI", "b", ["introduced 0"])])
        try await run(directory.write(moved.bytes, to: "2.json"))
        #expect(try fixes().isEmpty)
        let matches = try AdvisoryDatabase(path: database)
            .match([AdvisoryQuery(ecosystem: "PyPI", name: "b", version: "1")]).matches
        #expect(matches.map(\.advisory.id) == ["X-1"])
    }

    @Test func importKeepsWhatTheSnapshotHasUnlessItStartsEmpty() async throws {
        try await run(directory.write(record("X-1").bytes, to: "1.json"))
        let path = try directory.write(record("X-2").bytes, to: "2.json")
        try await run(path)
        #expect(try fixes().keys.sorted() == ["X-1", "X-2"])
        try await run(path, startsEmpty: true)
        #expect(try fixes().keys.sorted() == ["X-2"])
    }

    @Test func withdrawalRemovesARecordAndAnOlderCopyDoesNotBringItBack() async throws {
        let path = try directory.write(record("X-1").bytes, to: "1.json")
        try await run(path)
        var withdrawn = record("X-1", modified: "2024-06-01T00:00:00Z")
        withdrawn.more["withdrawn"] = "2024-06-01T00:00:00Z"
        let report = try await run(directory.write(withdrawn.bytes, to: "2.json"))
        #expect(report.withdrawn == 1)
        #expect(try fixes().isEmpty)
        try await run(path)
        #expect(try fixes().isEmpty)
        // Nor does one from another folder.
        try await run(directory.write(record("X-1").bytes, to: "elsewhere/1.json"))
        #expect(try fixes().isEmpty)
        try await run(directory.write(record("X-1", modified: "2024-07-01T00:00:00Z").bytes, to: "3.json"))
        #expect(try fixes().keys.sorted() == ["X-1"])
    }

    /// Facts, section 11, 1: AlmaLinux has one id in several release folders.
    @Test func oneIdInSeveralFoldersIsSeveralRecords() async throws {
        let eight = RecordFixture(
            "ALSA-2024:1",
            [affected("AlmaLinux:8", "bind", ["introduced 0", "fixed 9.11-8.el8"])]
        )
        let nine = RecordFixture(
            "ALSA-2024:1",
            [affected("AlmaLinux:9", "bind", ["introduced 0", "fixed 9.16-9.el9"])]
        )
        let archive = try ArchiveFixture.bytes(
            .zip,
            [("almalinux8/ALSA-2024:1.json", eight.bytes), ("almalinux9/ALSA-2024:1.json", nine.bytes)]
        )
        let path = try directory.write(archive, to: "all.zip")
        #expect(try await run(path).added == 2)
        #expect(try await run(path).unchanged == 2)
        let matches = try AdvisoryDatabase(path: database).match([
            AdvisoryQuery(ecosystem: "AlmaLinux:8", name: "bind", version: "9.11-1.el8"),
            AdvisoryQuery(ecosystem: "AlmaLinux:9", name: "bind", version: "9.16-1.el9"),
        ]).matches
        #expect(matches.map(\.fixedIn) == ["9.11-8.el8", "9.16-9.el9"])
    }

    @Test func folderOfTheEcosystemOrTheRecordIsNoScope() async throws {
        try await run(
            try directory.write(ArchiveFixture.bytes(.zip, [("X-1.json", record("X-1").bytes)]), to: "all.zip")
        )
        try directory.write(record("X-1").bytes, to: "in/PyPI/X-1.json")
        try directory.write(record("X-1").bytes, to: "in/2024/X-1/X-1.json")
        #expect(try await run(directory.file("in")).unchanged == 2)
    }

    @Test func damagedRecordsAreCountedAndListedAndTheRestIsTaken() async throws {
        var entries = [
            ("good.json", record("X-1").bytes), ("empty.json", []),
            ("cut.json", Array(record("X-2").bytes.dropLast(9))),
        ]
        for number in 0..<5 { entries.append(("bad\(number).json", Array("{\"id\":".utf8))) }
        var limits = AdvisoryImportLimits()
        limits.listedDamage = 3
        let report = try await run(directory.write(ArchiveFixture.bytes(.zip, entries), to: "all.zip"), limits: limits)
        #expect(report.added == 1)
        #expect(report.damaged == 7)
        #expect(report.damage.count == 3)
        #expect(report.damage.first?.path.hasSuffix("all.zip: empty.json") == true)
    }

    @Test func fileBeyondItsLimitIsLeftOut() async throws {
        var limits = AdvisoryImportLimits()
        limits.fileInBytes = 400
        let entries = [
            ("big.json", Array(repeating: UInt8(ascii: "{"), count: 401)), ("X-1.json", record("X-1").bytes),
        ]
        let report = try await run(
            directory.write(ArchiveFixture.bytes(.zip, entries), to: "all.zip"),
            directory.write(entries[0].1, to: "big.json"),
            limits: limits
        )
        #expect(report.added == 1)
        #expect(report.damaged == 2)
    }

    @Test func pipeInADirectoryIsToldAndLeftOut() async throws {
        try directory.write(record("X-1").bytes, to: "in/X-1.json")
        #expect(mkfifo(directory.file("in/pipe"), 0o600) == 0)
        let report = try await run(directory.file("in"))
        #expect(report.added == 1)
        #expect(report.damage.map(\.path) == [directory.file("in/pipe")])
    }

    @Test func missingSourceIsAnError() async throws {
        await #expect(throws: AdvisoryError.self) { try await run(directory.file("nothing")) }
        #expect(try directory.names == ["db.lock"])
    }

    @Test func entryNamesNeverBecomePaths() async throws {
        let entries = [
            ("../../../../tmp/escape.json", record("X-1").bytes), ("/etc/X-2.json", record("X-2").bytes),
            ("a\u{0}b.json", record("X-3").bytes),
        ]
        let report = try await run(directory.write(ArchiveFixture.bytes(.tar, entries), to: "all.tar"))
        #expect(report.added == 3)
        #expect(try directory.names == ["all.tar", "db", "db.lock"])
    }

    @Test func emptySourceGivesAnEmptySnapshot() async throws {
        try FileManager.default.createDirectory(atPath: directory.file("in"), withIntermediateDirectories: true)
        let report = try await run(directory.file("in"))
        #expect(report.added == 0)
        #expect(try AdvisoryDatabase(path: database).status().records == 0)
    }

    @Test func cancelledImportChangesNothing() async throws {
        try await run(directory.write(record("X-1").bytes, to: "1.json"))
        let path = try directory.write(record("X-2").bytes, to: "2.json")
        let database = database
        let task = Task {
            withUnsafeCurrentTask { $0?.cancel() }
            return try await AdvisoryImport(into: database).run([.path(path)])
        }
        await #expect(throws: CancellationError.self) { try await task.value }
        #expect(try fixes().keys.sorted() == ["X-1"])
    }
}
