import Advisories
import Inventory
import Scanning

/// The findings for people: grouped by package, the package with the worst first, severities in colour, and the fix beside each.
struct FindingTable {
    private let report: ImageReport

    init(_ report: ImageReport) { self.report = report }

    func text(_ isStyled: Bool) -> String {
        guard !report.findings.isEmpty else { return "" }
        var order: [String] = []
        var groups: [String: [Finding]] = [:]
        for finding in report.findings {
            let key = "\(finding.package.kind.rawValue) \(finding.package.fullName) \(finding.package.version)"
            if groups[key] == nil { order.append(key) }
            groups[key, default: []].append(finding)
        }
        let rows = order.flatMap { key in
            (groups[key] ?? []).enumerated().map { index, finding in row(finding, isFirst: index == 0) }
        }
        let header = ["PACKAGE", "INSTALLED", "FIXED IN", "SEVERITY", "FLAW", "WHAT"]
        let table = ColoredTable(header: header, rows: rows)
        return "\n" + table.text(isStyled)
    }

    private func row(_ finding: Finding, isFirst: Bool) -> [ColoredTable.Cell] {
        let score = finding.score.map { " \($0)" } ?? ""
        let marks = finding.isExploited ? " (exploited)" : ""
        return [
            .init(isFirst ? finding.package.fullName : ""), .init(isFirst ? finding.package.version : ""),
            .init(finding.fixedIn ?? finding.urgency ?? "no fix"),
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
