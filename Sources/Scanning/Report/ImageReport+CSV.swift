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
        let statements = [isComplete, unknown, newest, "\(completeness.uncomparable)"]
        var ending: [UInt8] = []
        for statement in statements { ImageReport.add(statement, to: &ending) }
        ending += "\r\n".utf8
        var bytes = Array((header.joined(separator: ",") + "\r\n").utf8)
        bytes.reserveCapacity(bytes.count + (findings.count + 1) * ImageReport.usualLineInBytes)
        // Findings of one package often follow one another.
        var package: (identity: Package, purl: String)?
        for finding in findings {
            if package?.identity != finding.package {
                package = (finding.package, finding.package.purlText(scanned.inventory.release))
            }
            ImageReport.add(finding, purl: package?.purl ?? "", to: &bytes)
            bytes += ending
        }
        // Without findings the completeness must stand somewhere all the same.
        if findings.isEmpty {
            bytes += Array(repeating: UInt8(ascii: ","), count: header.count - statements.count - 1)
            bytes += ending
        }
        return bytes
    }

    private static let usualLineInBytes = 384

    private static func add(_ finding: Finding, purl: String, to bytes: inout [UInt8]) {
        let package = finding.package
        let place = package.locations.first
        write(finding.id, to: &bytes)
        add(finding.aliases.joined(separator: " "), to: &bytes)
        add(finding.severity.rawValue, to: &bytes)
        add(finding.score.map { "\($0)" } ?? "", to: &bytes)
        add(package.fullName, to: &bytes)
        add(package.version, to: &bytes)
        add(finding.fixedIn ?? "", to: &bytes)
        add(package.kind.rawValue, to: &bytes)
        add(purl, to: &bytes)
        add(place?.path ?? "", to: &bytes)
        add(place?.layer.map { "\($0)" } ?? "", to: &bytes)
        add(finding.isExploited ? "yes" : "no", to: &bytes)
        add(finding.exploitProbability.map { "\($0)" } ?? "", to: &bytes)
        add(finding.summary, to: &bytes)
        add(finding.decision?.status.rawValue ?? "", to: &bytes)
        add(finding.decision?.reason ?? "", to: &bytes)
    }

    /// A cell behind another one.
    private static func add(_ cell: String, to bytes: inout [UInt8]) {
        bytes.append(UInt8(ascii: ","))
        write(cell, to: &bytes)
    }

    private static func write(_ cell: String, to bytes: inout [UInt8]) {
        guard isPlain(cell) else {
            bytes += field(cell).utf8
            return
        }
        guard cell.utf8.contains(where: { $0 == UInt8(ascii: ",") || $0 == quote }) else {
            bytes += cell.utf8
            return
        }
        bytes.append(quote)
        for byte in cell.utf8 {
            if byte == quote { bytes.append(quote) }
            bytes.append(byte)
        }
        bytes.append(quote)
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
