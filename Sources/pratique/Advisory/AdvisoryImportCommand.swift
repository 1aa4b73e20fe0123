import Advisories
import ArgumentParser
import Foundation
import Logging
import Registries
import Server

/// `pratique advisory import`.
struct AdvisoryImportCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "import",
        abstract: "Read advisories in OSV form, and the catalogues of exploited flaws, into the database.",
        discussion: """
            Takes directories, zip, tar.gz and tar.zst archives, single files and https addresses of them, in the layout of osv.dev; \
            CISA's known exploited vulnerabilities (JSON) and EPSS scores (CSV) are known by their content. What the database \
            has already stays, and is replaced by what was modified later. The new database is swapped in whole; when something \
            fails, the old one stays.

            EXAMPLES
              Debian and PyPI, as osv.dev publishes them:
                $ osv=https://osv-vulnerabilities.storage.googleapis.com
                $ pratique advisory import $osv/Debian/all.zip $osv/PyPI/all.zip

              What somebody carried in on a stick:
                $ pratique advisory import /media/stick/osv
            """
    )

    @Argument(
        help: ArgumentHelp("Directories, archives, files or https addresses.", valueName: "source"),
        completion: .file()
    )
    var sources: [String]

    @Option(
        help: ArgumentHelp("The database; else PRATIQUE_ADVISORIES, else the usual place.", valueName: "file"),
        completion: .file()
    )
    var advisories: String?

    @Flag(help: "Forget what the database has.")
    var replace = false

    @Option(name: .shortAndLong, help: "table or json.")
    var output: OutputFormat = .table

    func run() async throws {
        let file = try AdvisoryFile(named: advisories, variables: ProcessInfo.processInfo.environment)
        try file.prepareFolder()
        let downloads = AdvisoryDownloads()
        let started = ContinuousClock.now
        let report: AdvisoryImportReport
        do {
            report = try await AdvisoryImport(into: file.path, startsEmpty: replace)
                .run(try sources.map { try downloads.source($0) })
            await downloads.end()
        } catch {
            await downloads.end()
            throw (error as? AdvisoryError).map { CommandFailure($0.message, hint: "Nothing was changed") } ?? error
        }
        try show(report, of: file, took: ContinuousClock.now - started)
    }

    private func show(_ report: AdvisoryImportReport, of file: AdvisoryFile, took: Duration) throws {
        let console = Console.standard
        if output == .json { return try console.write(json: AdvisoryImportSummary(report, path: file.path)) }
        try console.write(
            Table(fields: [
                ("Database", file.path),
                ("Added", "\(report.added)"),
                ("Replaced", "\(report.replaced)"),
                ("Unchanged", "\(report.unchanged)"),
                ("Withdrawn", "\(report.withdrawn)"),
                ("Notices only", "\(report.informational)"),
                ("No package", "\(report.unmatchable)"),
                ("Known exploited", report.knownExploited > 0 ? "\(report.knownExploited)" : nil),
                ("EPSS scores", report.epssScores > 0 ? "\(report.epssScores)" : nil),
                ("Damaged", "\(report.damaged)"),
                ("Took", took.formatted(.units(allowed: [.seconds, .milliseconds], width: .narrow))),
            ])
        )
        for damage in report.damage.prefix(10) { try console.note("\(damage.path): \(damage.reason)") }
    }
}

/// The outcome of an import, for programs.
struct AdvisoryImportSummary: Encodable {
    struct Damage: Encodable {
        let path: String
        let reason: String
    }

    let database: String
    let added: Int
    let replaced: Int
    let unchanged: Int
    let withdrawn: Int
    let informational: Int
    let unmatchable: Int
    let knownExploited: Int
    let epssScores: Int
    let damaged: Int
    let damage: [Damage]

    init(_ report: AdvisoryImportReport, path: String) {
        database = path
        added = report.added
        replaced = report.replaced
        unchanged = report.unchanged
        withdrawn = report.withdrawn
        informational = report.informational
        unmatchable = report.unmatchable
        knownExploited = report.knownExploited
        epssScores = report.epssScores
        damaged = report.damaged
        damage = report.damage.map { Damage(path: $0.path, reason: $0.reason) }
    }
}
