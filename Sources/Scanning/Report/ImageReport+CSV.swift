import Advisories
import Inventory
import Storage

extension ImageReport {
    /// One finding a line, under a header; the completeness stands in the last columns of every line, so that no line goes without
    /// it. Source: RFC 4180.
    public func csv() -> [UInt8] {
        let header = [
            "id", "aliases", "severity", "score", "package", "version", "fixed_in", "type", "purl", "path", "layer",
            "exploited", "epss", "summary", "status", "status_reason", "inventory_complete", "unknown_ecosystems",
            "advisories_newest",
            "uncomparable_packages",
        ]
        let isComplete = completeness.isInventoryComplete ? "yes" : "no"
        let unknown = completeness.unknownEcosystems.joined(separator: " ")
        let newest = completeness.advisories?.newestRecordAt ?? ""
        var bytes = Array((header.joined(separator: ",") + "\r\n").utf8)
        let statements = [isComplete, unknown, newest, "\(completeness.uncomparable)"]
        let ending = ImageReport.line(statements)
        // Findings of one package often follow one another.
        var package: (identity: Package, purl: String)?
        for finding in findings {
            if package?.identity != finding.package {
                package = (finding.package, finding.package.purlText(scanned.inventory.release))
            }
            ImageReport.write(row(finding, purl: package?.purl ?? ""), to: &bytes)
            bytes.append(UInt8(ascii: ","))
            bytes += ending
        }
        // Without findings the completeness must stand somewhere all the same.
        if findings.isEmpty {
            bytes += Array(repeating: UInt8(ascii: ","), count: header.count - statements.count)
            bytes += ending
        }
        return bytes
    }

    private func row(_ finding: Finding, purl: String) -> [String] {
        let package = finding.package
        let place = package.locations.first
        let score = finding.score.map { "\($0)" } ?? ""
        let layer = place?.layer.map { "\($0)" } ?? ""
        let probability = finding.exploitProbability.map { "\($0)" } ?? ""
        let flaw: [String] = [finding.id, finding.aliases.joined(separator: " "), finding.severity.rawValue, score]
        let installed: [String] = [package.fullName, package.version, finding.fixedIn ?? "", package.kind.rawValue]
        let found: [String] = [purl, place?.path ?? "", layer]
        let decided: [String] = [finding.decision?.status.rawValue ?? "", finding.decision?.reason ?? ""]
        return flaw + installed + found + [finding.isExploited ? "yes" : "no", probability, finding.summary] + decided
    }

    private static func line(_ cells: [String]) -> [UInt8] {
        var bytes: [UInt8] = []
        write(cells, to: &bytes)
        return bytes + Array("\r\n".utf8)
    }

    private static func write(_ cells: [String], to bytes: inout [UInt8]) {
        for (index, cell) in cells.enumerated() {
            if index > 0 { bytes.append(UInt8(ascii: ",")) }
            guard isPlain(cell) else {
                bytes += field(cell).utf8
                continue
            }
            guard cell.utf8.contains(where: { $0 == UInt8(ascii: ",") || $0 == quote }) else {
                bytes += cell.utf8
                continue
            }
            bytes.append(quote)
            for byte in cell.utf8 {
                if byte == quote { bytes.append(quote) }
                bytes.append(byte)
            }
            bytes.append(quote)
        }
    }

    private static let quote = UInt8(ascii: "\"")

    /// Whether a cell is printable ASCII that needs no guard, as nearly all are; its bytes are then its characters.
    private static func isPlain(_ cell: String) -> Bool {
        var hasBegun = false
        return cell.utf8.allSatisfy { byte in
            if !hasBegun, byte != UInt8(ascii: " ") {
                hasBegun = true
                switch byte {
                case UInt8(ascii: "="), UInt8(ascii: "+"), UInt8(ascii: "-"), UInt8(ascii: "@"): return false
                default: break
                }
            }
            return (0x20...0x7E).contains(byte)
        }
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
