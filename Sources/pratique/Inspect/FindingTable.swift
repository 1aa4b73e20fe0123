import Advisories
import Inventory
import Scanning

/// The findings for people: grouped by package, the package with the worst first, severities in colour, and the fix beside each.
struct FindingTable {
    private let report: ImageReport
    private let showsAll: Bool

    /// More rows of one package push the others off the screen: the kernel's headers alone bring hundreds.
    static let rowLimit = 12

    init(_ report: ImageReport, showsAll: Bool = false) {
        self.report = report
        self.showsAll = showsAll
    }

    func text(_ isStyled: Bool) -> String {
        guard !report.findings.isEmpty else { return "" }
        let rows = FindingGroup.groups(report.findings).flatMap { self.rows($0) }
        let header = ["PACKAGE", "INSTALLED", "FIXED IN", "SEVERITY", "FLAW", "WHAT"]
        return "\n" + ColoredTable(header: header, rows: rows).text(isStyled)
    }

    private func rows(_ group: FindingGroup) -> [[ColoredTable.Cell]] {
        // One more row says no less than the row that would speak of it.
        let isCut = !showsAll && group.findings.count > FindingTable.rowLimit + 1
        let shown = isCut ? group.findings.prefix(FindingTable.rowLimit) : group.findings[...]
        var rows = shown.enumerated().map { index, finding in
            row(finding, title: index == 0 ? group.title : "", version: index == 0 ? group.version : "")
        }
        if isCut {
            let rest = group.findings.dropFirst(FindingTable.rowLimit)
            let text = "\(FindingGroup.counts(rest)); --every-finding shows them"
            rows.append([.init(""), .init(""), .init(""), .init(""), .init("\(rest.count) more"), .init(text)])
        }
        return rows
    }

    private func row(_ finding: Finding, title: String, version: String) -> [ColoredTable.Cell] {
        let score = finding.score.map { " \($0)" } ?? ""
        let marks = finding.isExploited ? " (exploited)" : ""
        return [
            .init(title), .init(version), .init(finding.fixedIn ?? "no fix"),
            .init(finding.severity.rawValue + score, color: SeverityColor.code(of: finding.severity)),
            .init(finding.id + marks), .init(FindingTable.shortened(finding.summary)),
        ]
    }

    /// One line that fits beside the rest on a wide terminal.
    private static func shortened(_ text: String) -> String {
        let line = text.prefix { !$0.isNewline }
        return line.count <= 70 ? String(line) : line.prefix(69) + "…"
    }
}

/// How severities look on a terminal.
enum SeverityColor {
    /// The number of an ANSI colour.
    static func code(of severity: Severity) -> Int {
        switch severity {
        case .critical: 35
        case .high: 31
        case .medium: 33
        case .low: 34
        case .negligible, .unknown: 90
        }
    }
}
