import Advisories
public import Foundation
public import Inventory
import OCI
import Storage

extension ImageReport {
    /// CycloneDX 1.6, JSON, with the findings as vulnerabilities. `identifier` becomes its serial number.
    public func cycloneDX(identifier: UUID = UUID()) -> [UInt8] {
        var bill = bill(identifier)
        bill.vulnerabilities = vulnerabilities
        return bill.cycloneDX()
    }

    /// SPDX 2.3, JSON. `identifier` ends its namespace.
    public func spdx(identifier: UUID = UUID()) -> [UInt8] { bill(identifier).spdx() }

    /// What the image holds, without what is wrong with it.
    public func bill(_ identifier: UUID) -> BillOfMaterials {
        BillOfMaterials(
            image: scanned.image.name,
            digest: scanned.image.digest,
            platform: scanned.image.platform,
            layers: scanned.image.layers.map { BillOfMaterials.Layer(digest: $0.digest, createdBy: $0.createdBy) },
            inventory: scanned.inventory,
            isComplete: scanned.isComplete && completeness.isInventoryComplete,
            completeness: completeness.statements.map { BillOfMaterials.Statement(name: $0.name, value: $0.value) },
            toolVersion: toolVersion,
            timestamp: createdAt,
            identifier: identifier
        )
    }

    private var vulnerabilities: [BillOfMaterials.Vulnerability] {
        // Equal packages are one as far as flaws go.
        let places = Dictionary(scanned.inventory.packages.enumerated().map { ($1, $0) }) { first, _ in first }
        return findings.compactMap { finding in
            places[finding.package].map { BillOfMaterials.Vulnerability(finding, package: $0) }
        }
    }
}

extension BillOfMaterials.Vulnerability {
    fileprivate init(_ finding: Finding, package: Int) {
        let numbers = finding.weaknesses.compactMap { text in
            text.hasPrefix("CWE-") ? Int(text.dropFirst(4)).flatMap { $0 > 0 ? $0 : nil } : nil
        }
        self.init(
            id: finding.id,
            aliases: finding.aliases,
            package: package,
            severity: finding.severity == .negligible ? "info" : finding.severity.rawValue,
            score: finding.score,
            vector: finding.vector,
            summary: finding.summary,
            fixedIn: finding.fixedIn,
            references: finding.addresses,
            weaknesses: Set(numbers).sorted(),
            published: finding.published,
            modified: finding.modified,
            analysis: finding.decision.map { decision in
                Analysis(
                    state: decision.status.impact,
                    detail: decision.reason,
                    updated: decision.decidedAt?.formatted(.iso8601)
                )
            }
        )
    }
}

extension FindingStatus {
    /// In the words of CycloneDX's `impactAnalysisState`.
    fileprivate var impact: String {
        switch self {
        case .toVerify: "in_triage"
        case .confirmed: "exploitable"
        case .resolved: "resolved"
        case .ignored: "not_affected"
        }
    }
}
