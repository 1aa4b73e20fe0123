import Foundation
import Inventory
import OCI
import Storage

extension ScanOutcome {
    /// What is kept of a report.
    init(_ report: ImageReport) throws {
        let scanned = report.scanned
        let (image, release) = (scanned.image, scanned.inventory.release)
        self.init(
            isDegraded: report.isDegraded,
            completeness: try report.completenessText,
            platform: image.platform.description,
            digest: image.digest,
            indexDigest: image.indexDigest,
            osFamily: release?.id,
            osName: release?.prettyName,
            sizeInBytes: image.layers.reduce(0) { $0 &+ $1.sizeInBytes },
            layers: image.layers.map {
                StoredLayer(
                    digest: $0.digest.description,
                    sizeInBytes: $0.sizeInBytes,
                    createdBy: $0.createdBy
                )
            },
            inventory: scanned.stored,
            packages: scanned.inventory.packages.map { package in
                NewPackage(
                    kind: package.kind,
                    name: package.fullName,
                    version: package.version,
                    purl: package.purlText(release),
                    licenses: package.licenses,
                    path: package.locations.first?.path,
                    layer: package.locations.first?.layer
                )
            },
            findings: try report.newFindings()
        )
    }
}

extension ImageReport {
    /// Whether something of the image is not in it: a part was not read, or of some packages no flaw could be known.
    var isDegraded: Bool {
        !scanned.isComplete || !completeness.isInventoryComplete || completeness.advisories == nil
            || !completeness.unknownEcosystems.isEmpty
    }

    /// The block of completeness as `inspect` has it, in one line.
    var completenessText: String {
        get throws { try ImageReport.line(ReportDocument.Completeness(completeness)) }
    }

    /// The findings as they are kept.
    func newFindings() throws -> [NewFinding] {
        try findings.map { finding in
            NewFinding(
                kind: finding.package.kind,
                name: finding.package.fullName,
                installedVersion: finding.package.version,
                flaw: finding.id,
                aliases: finding.aliases,
                severity: finding.severity,
                scoreInTenths: finding.score.map { Int(min(max($0, 0), 10) * 10 + 0.5) },
                fixedIn: finding.fixedIn,
                isExploited: finding.isExploited,
                layer: finding.package.locations.first?.layer,
                path: finding.package.locations.first?.path,
                detail: try ImageReport.line(FlawWords(finding, scanned.inventory.release))
            )
        }
    }

    private static func line(_ value: some Encodable) throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return String(decoding: try encoder.encode(value), as: UTF8.self)
    }
}

/// What is told of a flaw beside what lists are sorted and filtered by; named as in `inspect`.
struct FlawWords: Codable {
    var summary: String?
    var vector: String?
    var purl: String?
    var urgency: String?
    var epss: Double?
    var published: String?
    var modified: String?
    var references: [String]?
    var cwes: [String]?

    init(_ finding: Finding, _ release: Release?) {
        summary = finding.summary
        vector = finding.vector
        purl = finding.package.purlText(release)
        urgency = finding.urgency
        epss = finding.exploitProbability
        published = finding.published
        modified = finding.modified
        references = Array(finding.references.prefix(ScanWorkLimits.references))
        cwes = finding.weaknesses
    }
}
