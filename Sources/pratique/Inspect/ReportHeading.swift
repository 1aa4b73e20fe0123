import Advisories
import Inventory
import OCI
import Scanning

/// What image a report is about.
struct ReportHeading {
    private let report: ImageReport

    init(_ report: ImageReport) { self.report = report }

    func text(_ isStyled: Bool) -> String {
        let image = report.scanned.image
        var system = report.scanned.inventory.release?.prettyName ?? "no distribution"
        if let end = report.completeness.endOfLife, end.hasPassed {
            system += ", without security updates since \(end.date)"
        }
        return Table(fields: [
            ("Image", image.name),
            ("Digest", image.digest.description),
            ("Platform", image.platform.description),
            ("System", system),
            ("Packages", "\(report.scanned.inventory.packages.count)"),
        ]).rendered(styled: isStyled)
    }
}

/// What a report ends with: the sum of the findings, and how complete it is.
struct ReportEnding {
    private let report: ImageReport
    private let wantsAdvisories: Bool

    init(_ report: ImageReport, wantsAdvisories: Bool) {
        self.report = report
        self.wantsAdvisories = wantsAdvisories
    }

    func text(_ isStyled: Bool) -> String {
        var text = "\n" + sum(isStyled) + "\n"
        for (word, line) in complaints {
            text += (isStyled ? "\u{1B}[33m\(word)\u{1B}[0m" : word) + ": \(PrintableText.strip(line))\n"
        }
        return text
    }

    private func sum(_ isStyled: Bool) -> String {
        let completeness = report.completeness
        let layers = "\(completeness.layersDone) of \(completeness.layersTotal) layers"
        let size = ByteCount.text(completeness.bytesRead)
        guard let advisories = completeness.advisories else {
            return "No advisories: nothing is known of any flaw. Read \(layers), \(size)."
        }
        let counts = report.counts.map { severity, count in
            let word = "\(count) \(severity.rawValue)"
            return isStyled ? "\u{1B}[\(SeverityColor.code(of: severity))m\(word)\u{1B}[0m" : word
        }
        let packages = Set(report.findings.map(\.package)).count
        let findings =
            counts.isEmpty
            ? "No findings"
            : "\(report.findings.count) findings in \(packages) packages: " + counts.joined(separator: ", ")
        return "\(findings). Read \(layers), \(size); advisories: \(advisories.text)."
    }

    private var complaints: [(word: String, line: String)] {
        let completeness = report.completeness
        var lines: [(word: String, line: String)] = []
        for layer in completeness.incompleteLayers {
            lines.append(("incomplete", "layer \(layer.index), \(layer.digest): \(layer.reason)"))
        }
        if let reason = completeness.incompleteMerge {
            lines.append(("incomplete", "the layers could not be put on each other: \(reason)"))
        }
        for file in completeness.unreadable { lines.append(("unreadable", "\(file.path): \(file.reason)")) }
        if completeness.advisories != nil {
            for ecosystem in completeness.ecosystems where !ecosystem.hasAdvisories {
                lines.append(
                    (
                        "unknown",
                        "no advisories for \(ecosystem.name): its \(ecosystem.packages) packages are not clean but unknown"
                    )
                )
            }
        }
        if completeness.uncomparable > 0 {
            lines.append(("unknown", "\(completeness.uncomparable) packages have versions that cannot be compared"))
        }
        if wantsAdvisories, completeness.advisories == nil, let command = AdvisoryAdvice(completeness).command {
            lines.append(("hint", "get advisories for what is in the image: \(command)"))
        }
        return lines
    }
}
