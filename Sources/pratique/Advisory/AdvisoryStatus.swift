import Advisories
import ArgumentParser
import Foundation

/// `pratique advisory status`.
struct AdvisoryStatus: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "status",
        abstract: "Show how old the advisory database is, and what it knows of.",
        discussion: """
            EXAMPLES
                $ pratique advisory status
                $ pratique advisory status -o json | jq -r '.ecosystems[].name'
            """
    )

    @Option(
        help: ArgumentHelp("The database; else PRATIQUE_ADVISORIES, else the usual place.", valueName: "file"),
        completion: .file()
    )
    var advisories: String?

    @Option(name: .shortAndLong, help: "table or json.")
    var output: OutputFormat = .table

    func run() throws {
        let file = try AdvisoryFile(named: advisories, variables: ProcessInfo.processInfo.environment)
        let status = try file.open().status()
        let console = Console.standard
        if output == .json { return try console.write(json: AdvisoryStatusSummary(status, path: file.path)) }
        let age = status.newestModified.map { newest in
            let days = max(0, Int((Date().timeIntervalSince1970 - Double(newest.secondsSince1970)) / 86_400))
            return "\(newest) (\(days) days old)"
        }
        try console.write(
            Table(fields: [
                ("Database", file.path),
                ("Imported", status.importedAt?.description),
                ("Newest record", age),
                ("Records", "\(status.records)"),
                ("Known exploited", status.knownExploited.map { "\($0.entries), catalogue \($0.version)" }),
                (
                    "EPSS scores",
                    status.epss.map { "\($0.entries), of \($0.date?.description.prefix(10) ?? "an unknown day")" }
                ),
            ])
        )
        try console.write("\n")
        try console.write(
            Table(
                header: ["ECOSYSTEM", "RECORDS"],
                rows: status.ecosystems.map { [$0.ecosystem, "\($0.records)"] }
            )
        )
    }
}

/// The state of the database, for programs.
struct AdvisoryStatusSummary: Encodable {
    struct Ecosystem: Encodable {
        let name: String
        let records: Int
    }

    let database: String
    let importedAt: String?
    let newestRecordAt: String?
    let records: Int
    let ecosystems: [Ecosystem]
    let knownExploited: Int?
    let epssScores: Int?

    init(_ status: AdvisorySnapshotStatus, path: String) {
        database = path
        importedAt = status.importedAt?.description
        newestRecordAt = status.newestModified?.description
        records = status.records
        ecosystems = status.ecosystems.map { Ecosystem(name: $0.ecosystem, records: $0.records) }
        knownExploited = status.knownExploited?.entries
        epssScores = status.epss?.entries
    }
}
