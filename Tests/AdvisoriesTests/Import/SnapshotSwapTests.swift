import Foundation
import Testing

@testable import Advisories

/// A snapshot is swapped in whole or not at all.
@Suite struct SnapshotSwapTests {
    private let directory: TemporaryDirectory

    init() throws { directory = try TemporaryDirectory() }

    private var database: String { directory.file("db") }

    private func source(_ id: String) throws -> String {
        try directory.write(RecordFixture(id, [affected("PyPI", "a", ["introduced 0"])]).bytes, to: "\(id).json")
    }

    private func ids(_ database: AdvisoryDatabase) throws -> [String] {
        try database.match([AdvisoryQuery(ecosystem: "PyPI", name: "a", version: "1")]).matches.map(\.advisory.id)
    }

    private func run(_ path: String) async throws { _ = try await AdvisoryImport(into: database).run([.path(path)]) }

    @Test func failingImportLeavesTheOldSnapshotByteForByte() async throws {
        try await run(source("X-1"))
        let before = FileManager.default.contents(atPath: database)
        let good = try ArchiveFixture.bytes(
            .tarGzip,
            [("X-2.json", RecordFixture("X-2", [affected("PyPI", "a", ["introduced 0"])]).bytes)]
        )
        let cut = try directory.write(good.dropLast(good.count / 2), to: "cut.tar.gz")
        await #expect(throws: AdvisoryError.self) { try await run(cut) }
        #expect(FileManager.default.contents(atPath: database) == before)
        #expect(try directory.names.allSatisfy { !$0.contains("importing") })
    }

    @Test func openReaderKeepsItsSnapshot() async throws {
        try await run(source("X-1"))
        let reader = try AdvisoryDatabase(path: database)
        #expect(try ids(reader) == ["X-1"])
        try await run(source("X-2"))
        #expect(try ids(reader) == ["X-1"])
        #expect(try ids(AdvisoryDatabase(path: database)) == ["X-1", "X-2"])
    }

    @Test func secondImportAtOnceIsRefused() async throws {
        let swap = try SnapshotSwap(database, isEmpty: false)
        let error = await #expect(throws: AdvisoryError.self) { try await run(source("X-1")) }
        #expect(error?.code == .busy)
        withExtendedLifetime(swap) {}
    }

    @Test func leftoversOfKilledImportsAreRemoved() async throws {
        try directory.write("half".utf8, to: "db.importing-123")
        try directory.write("other".utf8, to: "other.importing-123")
        try await run(source("X-1"))
        #expect(try directory.names == ["X-1.json", "db", "db.lock", "other.importing-123"])
    }

    @Test func fileThatIsNoSnapshotIsNeitherReadNorReplaced() async throws {
        try directory.write("not a database".utf8, to: "db")
        #expect(throws: AdvisoryError.self) { try AdvisoryDatabase(path: database) }
        await #expect(throws: AdvisoryError.self) { try await run(source("X-1")) }
        #expect(FileManager.default.contents(atPath: database) == Data("not a database".utf8))
    }

    @Test func snapshotOfAnotherFormatIsRefused() async throws {
        try await run(source("X-1"))
        let file = try SnapshotFile(writing: database)
        try file.execute("PRAGMA user_version = 99")
        let error = #expect(throws: AdvisoryError.self) { try AdvisoryDatabase(path: database) }
        #expect(error?.code == .unusableDatabase)
        #expect(error?.message.contains("99") == true)
    }

    @Test func missingSnapshotIsAnError() {
        let error = #expect(throws: AdvisoryError.self) { try AdvisoryDatabase(path: directory.file("none")) }
        #expect(error?.code == .unusableDatabase)
        #expect(!FileManager.default.fileExists(atPath: directory.file("none")))
    }

    @Test func pathWithOddCharactersIsOpened() async throws {
        let path = directory.file("a b?c#d%20é")
        _ = try await AdvisoryImport(into: path).run([.path(source("X-1"))])
        #expect(try ids(AdvisoryDatabase(path: path)) == ["X-1"])
    }

    @Test func damagedSnapshotGivesAnErrorOrAnAnswerButNeverATrap() async throws {
        for number in 0..<40 {
            let path = try source("X-\(number)")
            if number == 39 { _ = try await AdvisoryImport(into: database).run([.path(directory.path)]) }
            _ = path
        }
        let good = Array(FileManager.default.contents(atPath: database) ?? Data())
        var answers = 0
        try Mutation.run([good], seed: 31, rounds: 300) { bytes in
            let path = try directory.write(bytes, to: "bad/db")
            guard let reader = try? AdvisoryDatabase(path: path) else { return }
            answers += 1
            _ = try? reader.match([AdvisoryQuery(ecosystem: "PyPI", name: "a", version: "1")])
            _ = try? reader.status()
        }
        #expect(answers > 0)
    }
}
