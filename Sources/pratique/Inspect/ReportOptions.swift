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

    @Flag(help: "Show every finding in the table, not only the worst dozen of each package.")
    var everyFinding = false

    @Option(
        help: ArgumentHelp(
            "Exit with 2 when a finding is as bad as this. With negligible everything counts, unknown severities too.",
            valueName: "severity"
        )
    )
    var failOn: Threshold?

    /// What turns reports into an exit status.
    var gate: ReportGate { ReportGate(threshold: failOn?.severity) }

    /// Writes the reports; several as a list where `isList`. A file appears whole or not at all.
    func write(_ reports: [ImageReport], isList: Bool, wantsAdvisories: Bool) throws {
        let console = Console.standard
        let isStyled = outputFile == nil && console.isStyled
        let text = try text(reports, isList: isList, wantsAdvisories: wantsAdvisories, isStyled: isStyled)
        try console.write(text, toFile: outputFile)
    }

    private func text(
        _ reports: [ImageReport],
        isList: Bool,
        wantsAdvisories: Bool,
        isStyled: Bool
    ) throws -> String {
        switch format {
        case .table:
            return reports.map { report in
                let body =
                    listPackages
                    ? PackageTable(report).text(isStyled)
                    : FindingTable(report, showsAll: everyFinding).text(isStyled)
                return ReportHeading(report).text(isStyled) + body
                    + ReportEnding(report, wantsAdvisories: wantsAdvisories).text(isStyled)
            }.joined(separator: "\n")
        case .json where isList:
            let texts = try reports.map {
                JSONText.escapingTerminalOrders(String(decoding: try $0.json(), as: UTF8.self))
            }
            return "[\n" + texts.joined(separator: ",\n") + "]\n"
        case .csv: return reports.first.map { String(decoding: $0.csv(), as: UTF8.self) } ?? ""
        default:
            guard let report = reports.first else { return "" }
            let bytes =
                switch format {
                case .cyclonedx: report.cycloneDX()
                case .spdx: report.spdx()
                case .sarif: try report.sarif()
                default: try report.json()
                }
            return JSONText.escapingTerminalOrders(String(decoding: bytes, as: UTF8.self))
        }
    }
}
