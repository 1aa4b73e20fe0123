import Advisories
import ArgumentParser
import Foundation
import Scanning

/// What `inspect` writes, where to, and when it fails.
struct ReportOptions: ParsableArguments {
    /// The forms of a report.
    enum Format: String, ExpressibleByArgument, CaseIterable {
        case table
        case json
        case cyclonedx
        case spdx
        case sarif
        case csv

        /// Whether reports on several platforms fit into one document.
        var takesSeveral: Bool { self == .table || self == .json }
    }

    /// The severities of ``Severity``, as a user names them.
    enum Threshold: String, ExpressibleByArgument, CaseIterable {
        case critical
        case high
        case medium
        case low
        case negligible
        case unknown

        var severity: Severity { Severity(rawValue: rawValue) ?? .unknown }
    }

    @Option(name: [.customShort("o"), .customLong("output")], help: "table, json, cyclonedx, spdx, sarif or csv.")
    var format = Format.table

    @Option(help: ArgumentHelp("Write there instead of to standard output.", valueName: "file"), completion: .file())
    var outputFile: String?

    @Flag(help: "List every package, not only those with findings.")
    var listPackages = false

    @Option(
        help: ArgumentHelp(
            "Exit with 2 when a finding is as bad as this.",
            valueName: "severity"
        )
    )
    var failOn: Threshold?

    /// Writes the reports. A file appears whole or not at all.
    func write(_ reports: [ImageReport]) throws {
        let console = Console.standard
        guard let outputFile else {
            return try console.write(try text(reports, isStyled: console.isStyled))
        }
        do {
            try Data(text(reports, isStyled: false).utf8).write(to: URL(fileURLWithPath: outputFile), options: .atomic)
        } catch let error as CocoaError {
            throw CommandFailure("cannot write \(outputFile): \(error.localizedDescription)")
        }
    }

    /// What the exit status must tell of a report; nil when all is well.
    func failure(of report: ImageReport) -> ExitCode? {
        if !report.scanned.isComplete { return .failure }
        guard let failOn else { return nil }
        if report.findings.contains(where: { $0.severity >= failOn.severity }) { return ExitCode(2) }
        // A gate that saw only a part, or knew of no advisories, must not open.
        let isSound = report.completeness.isInventoryComplete && report.completeness.advisories != nil
        return isSound ? nil : .failure
    }

    private func text(_ reports: [ImageReport], isStyled: Bool) throws -> String {
        switch format {
        case .table:
            return reports.map { report in
                let body = listPackages ? PackageTable(report).text(isStyled) : FindingTable(report).text(isStyled)
                return ReportHeading(report).text(isStyled) + body
                    + ReportEnding(report, isGate: failOn != nil).text(isStyled)
            }.joined(separator: "\n")
        case .json where reports.count != 1:
            return try "[\n" + reports.map { String(decoding: try $0.json(), as: UTF8.self) }.joined(separator: ",\n")
                + "]\n"
        default:
            guard let report = reports.first else { return "" }
            let bytes =
                switch format {
                case .cyclonedx: report.cycloneDX()
                case .spdx: report.spdx()
                case .sarif: try report.sarif()
                case .csv: report.csv()
                default: try report.json()
                }
            return String(decoding: bytes, as: UTF8.self)
        }
    }
}
