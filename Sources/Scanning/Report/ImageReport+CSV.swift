import Advisories
import Inventory

extension ImageReport {
    /// One finding a line, under a header; the completeness stands in the last columns of every line, so that no line goes without
    /// it. Source: RFC 4180.
    public func csv() -> [UInt8] {
        let header = [
            "id", "aliases", "severity", "score", "package", "version", "fixed_in", "type", "purl", "path", "layer",
            "exploited", "epss", "summary", "inventory_complete", "unknown_ecosystems", "advisories_newest",
            "uncomparable_packages",
        ]
        let isComplete = completeness.isInventoryComplete ? "yes" : "no"
        let unknown = completeness.unknownEcosystems.joined(separator: " ")
        let newest = completeness.advisories?.newestRecordAt ?? ""
        var text = header.joined(separator: ",") + "\r\n"
        let ending = [isComplete, unknown, newest, "\(completeness.uncomparable)"]
        for finding in findings {
            let cells = row(finding) + ending
            text += cells.map(ImageReport.field).joined(separator: ",") + "\r\n"
        }
        // Without findings the completeness must stand somewhere all the same.
        if findings.isEmpty {
            let cells = Array(repeating: "", count: header.count - ending.count) + ending
            text += cells.map(ImageReport.field).joined(separator: ",") + "\r\n"
        }
        return Array(text.utf8)
    }

    private func row(_ finding: Finding) -> [String] {
        let package = finding.package
        let place = package.locations.first
        let score = finding.score.map { "\($0)" } ?? ""
        let layer = place?.layer.map { "\($0)" } ?? ""
        let probability = finding.exploitProbability.map { "\($0)" } ?? ""
        let flaw: [String] = [finding.id, finding.aliases.joined(separator: " "), finding.severity.rawValue, score]
        let installed: [String] = [package.fullName, package.version, finding.fixedIn ?? "", package.kind.rawValue]
        let found: [String] = [package.purlText(scanned.inventory.release), place?.path ?? "", layer]
        return flaw + installed + found + [finding.isExploited ? "yes" : "no", probability, finding.summary]
    }

    /// Spreadsheets run what begins with `=`, `+`, `-` or `@`, full-width ones too; advisories are foreign text. Source: OWASP, "CSV
    /// Injection". Control characters are no text of RFC 4180, and a terminal could obey them.
    private static func field(_ raw: String) -> String {
        var text = ""
        for scalar in raw.unicodeScalars {
            let isControl = scalar.properties.generalCategory == .control && scalar != "\n"
            text.unicodeScalars.append(isControl ? " " : scalar)
        }
        let isFormula = text.unicodeScalars.first { $0 != " " }.map { "=+-@\n＝＋－＠".unicodeScalars.contains($0) }
        if isFormula == true { text = "'" + text }
        guard text.contains(where: { $0 == "," || $0 == "\"" || $0.isNewline }) else { return text }
        return "\"" + text.replacing("\"", with: "\"\"") + "\""
    }
}
