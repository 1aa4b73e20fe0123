import Foundation

@testable import Advisories

/// An OSV record in the making. Only what a test is about has to be said.
struct RecordFixture {
    var id: String
    var modified = "2024-01-01T00:00:00Z"
    var affected: [[String: Any]]
    var more: [String: Any] = [:]

    init(
        _ id: String,
        modified: String = "2024-01-01T00:00:00Z",
        _ affected: [[String: Any]],
        _ more: [String: Any] = [:]
    ) {
        self.id = id
        self.modified = modified
        self.affected = affected
        self.more = more
    }

    /// The JSON text.
    var bytes: [UInt8] {
        var object: [String: Any] = ["id": id, "modified": modified, "affected": affected]
        object.merge(more) { $1 }
        let data = try? JSONSerialization.data(withJSONObject: object, options: [.sortedKeys, .withoutEscapingSlashes])
        return Array(data ?? Data())
    }

    /// The name of its file.
    var name: String { id.replacing(":", with: "_") + ".json" }
}

/// One entry of `affected` with one range. Events read `introduced 0`, `fixed 1.2`.
func affected(
    _ ecosystem: String,
    _ name: String,
    _ events: [String] = [],
    type: String = "ECOSYSTEM",
    versions: [String]? = nil,
    _ more: [String: Any] = [:]
) -> [String: Any] {
    var entry: [String: Any] = ["package": ["ecosystem": ecosystem, "name": name]]
    if !events.isEmpty { entry["ranges"] = [["type": type, "events": fixtureEvents(events)] as [String: Any]] }
    if let versions { entry["versions"] = versions }
    entry.merge(more) { $1 }
    return entry
}

/// `["fixed 1.2"]` as OSV writes it.
func fixtureEvents(_ events: [String]) -> [[String: String]] {
    events.map { event in
        let words = event.split(separator: " ", maxSplits: 1).map(String.init)
        return [words[0]: words[1]]
    }
}

/// A snapshot in a folder of its own.
struct SnapshotFixture {
    let directory: TemporaryDirectory
    let database: AdvisoryDatabase
    let report: AdvisoryImportReport

    /// Imports `records`, and other files by name.
    init(_ records: [RecordFixture], files: [String: [UInt8]] = [:]) async throws {
        directory = try TemporaryDirectory()
        for record in records { try directory.write(record.bytes, to: "in/\(record.name)") }
        for (name, bytes) in files { try directory.write(bytes, to: "in/\(name)") }
        if records.isEmpty && files.isEmpty { try directory.write("".utf8, to: "in/empty") }
        report = try await AdvisoryImport(into: directory.file("db")).run([.path(directory.file("in"))])
        database = try AdvisoryDatabase(path: directory.file("db"))
    }

    /// What matches one package.
    func match(_ ecosystem: String, _ name: String, _ version: String) throws -> [AdvisoryMatch] {
        try database.match([AdvisoryQuery(ecosystem: ecosystem, name: name, version: version)]).matches
    }

    /// The ids of what matches one package.
    func ids(_ ecosystem: String, _ name: String, _ version: String) throws -> [String] {
        try match(ecosystem, name, version).map(\.advisory.id)
    }
}
