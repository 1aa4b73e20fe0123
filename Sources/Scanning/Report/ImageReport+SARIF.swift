import Advisories
import Foundation
import Inventory
import OCI
import Storage

extension ImageReport {
    /// SARIF 2.1.0: a rule for each flaw, a result for each flaw of each package, and what is incomplete as notifications.
    ///
    /// Source: OASIS SARIF 2.1.0; `security-severity` and `partialFingerprints` as GitHub's code scanning reads them.
    public func sarif() throws -> [UInt8] { try ImageReport.encode(SARIFLog(self)) }
}

private struct SARIFLog: Encodable {
    struct Text: Encodable { var text: String }

    struct Rule: Encodable {
        struct Properties: Encodable {
            var securitySeverity: String?
            var tags: [String]
            private enum CodingKeys: String, CodingKey {
                case securitySeverity = "security-severity"
                case tags
            }
        }
        var id: String
        var name = "VulnerablePackage"
        var shortDescription: Text
        var fullDescription: Text
        var helpUri: String?
        var properties: Properties
    }

    struct Location: Encodable {
        struct Physical: Encodable {
            struct Artifact: Encodable { var uri: String }
            struct Region: Encodable { var startLine = 1 }
            var artifactLocation: Artifact
            var region = Region()
        }
        struct Logical: Encodable {
            var fullyQualifiedName: String
            var kind = "package"
        }
        var physicalLocation: Physical
        var logicalLocations: [Logical]
        var message: Text
    }

    /// Why a result needs nobody's attention. Source: SARIF 2.1.0, section 3.35.
    struct Suppression: Encodable {
        var kind = "external"
        var status = "accepted"
        var justification: String?
    }

    struct Outcome: Encodable {
        var ruleId: String
        var ruleIndex: Int
        var level: String
        var message: Text
        var locations: [Location]
        var partialFingerprints: [String: String]
        /// On every result of a service, empty or not, and on none of `inspect` (section 3.27.23).
        var suppressions: [Suppression]?
        var properties: [String: String]
    }

    struct Notification: Encodable {
        var level: String
        var message: Text
    }

    struct Invocation: Encodable {
        var executionSuccessful: Bool
        var endTimeUtc: String
        var toolExecutionNotifications: [Notification]
    }

    struct Driver: Encodable {
        var name = "pratique"
        var semanticVersion: String
        var rules: [Rule]
    }

    struct Run: Encodable {
        var tool: [String: Driver]
        var invocations: [Invocation]
        var results: [Outcome]
        var properties: [String: String]
    }

    var schema = "https://json.schemastore.org/sarif-2.1.0.json"
    var version = "2.1.0"
    var runs: [Run]

    private enum CodingKeys: String, CodingKey {
        case schema = "$schema"
        case version
        case runs
    }

    init(_ report: ImageReport) {
        var rules: [Rule] = []
        var numbers: [String: Int] = [:]
        var results: [Outcome] = []
        for finding in report.findings {
            let number: Int
            if let known = numbers[finding.id] {
                number = known
            } else {
                number = rules.count
                numbers[finding.id] = number
                rules.append(Rule(finding))
            }
            results.append(Outcome(finding, rule: number, report.scanned))
        }
        let image = report.scanned.image
        runs = [
            Run(
                tool: ["driver": Driver(semanticVersion: report.toolVersion, rules: rules)],
                invocations: [
                    Invocation(
                        executionSuccessful: report.scanned.isComplete,
                        endTimeUtc: report.timestamp,
                        toolExecutionNotifications: Notification.all(of: report.completeness)
                    )
                ],
                results: results,
                properties: [
                    "imageName": image.name, "imageDigest": image.digest.description,
                    "platform": image.platform.description,
                    "layersDone": "\(report.completeness.layersDone)/\(report.completeness.layersTotal)",
                    "inventoryComplete": "\(report.completeness.isInventoryComplete)",
                ]
            )
        ]
    }
}

extension SARIFLog.Rule {
    fileprivate init(_ finding: Finding) {
        id = finding.id
        shortDescription = SARIFLog.Text(text: finding.summary.isEmpty ? finding.id : finding.summary)
        fullDescription = SARIFLog.Text(text: ([finding.id] + finding.aliases).joined(separator: ", "))
        helpUri = finding.addresses.first
        properties = Properties(
            securitySeverity: finding.score.map { "\($0)" },
            tags: ["security", "vulnerability", finding.severity.rawValue]
        )
    }
}

extension SARIFLog.Outcome {
    fileprivate init(_ finding: Finding, rule number: Int, _ scanned: ScannedImage) {
        let package = finding.package
        let purl = package.purlText(scanned.inventory.release)
        let fix = finding.fixedIn.map { "fixed in \($0)" } ?? "no fix yet"
        ruleId = finding.id
        ruleIndex = number
        level =
            switch finding.severity {
            case .critical, .high: "error"
            case .medium: "warning"
            default: "note"
            }
        message = SARIFLog.Text(text: "\(package.fullName) \(package.version) has \(finding.id) (\(fix))")
        locations = [
            SARIFLog.Location(
                physicalLocation: .init(
                    artifactLocation: .init(uri: SARIFLog.Outcome.uri(package.locations.first?.path))
                ),
                logicalLocations: [.init(fullyQualifiedName: purl)],
                message: SARIFLog.Text(text: "\(scanned.image.name): \(package.fullName) \(package.version)")
            )
        ]
        // What stays the same from scan to scan: neither the digest nor the version.
        let identity = [
            package.kind.rawValue, package.fullName, package.architecture ?? "", package.locations.first?.path ?? "",
            package.locations.first?.inner ?? "", finding.id,
        ]
        partialFingerprints = [
            "packageAndFlaw/v1": Digest(of: Array(identity.joined(separator: "\n").utf8)).hexadecimal
        ]
        suppressions = finding.decision.map { decision in
            switch decision.status {
            case .toVerify, .confirmed: []
            case .resolved, .ignored: [SARIFLog.Suppression(justification: decision.reason)]
            }
        }
        properties = ["purl": purl, "installedVersion": package.version, "fixedVersion": finding.fixedIn ?? ""]
        properties["status"] = finding.decision?.status.rawValue
    }

    /// A relative URI. Source: RFC 3986; the path of a file in an image may hold anything.
    private static func uri(_ path: String?) -> String {
        let path = path.flatMap { $0.isEmpty ? nil : $0 } ?? "."
        return path.addingPercentEncoding(withAllowedCharacters: .urlPathAllowed.subtracting([":"])) ?? "."
    }
}

extension SARIFLog.Notification {
    fileprivate static func all(of completeness: ReportCompleteness) -> [SARIFLog.Notification] {
        var lines: [(level: String, text: String)] = []
        for layer in completeness.incompleteLayers {
            lines.append(("error", "layer \(layer.index) (\(layer.digest)) is incomplete: \(layer.reason)"))
        }
        if let reason = completeness.incompleteMerge {
            lines.append(("error", "the layers could not be put on each other: \(reason)"))
        }
        for file in completeness.unreadable { lines.append(("error", "\(file.path) cannot be read: \(file.reason)")) }
        for ecosystem in completeness.ecosystems where !ecosystem.hasAdvisories {
            lines.append(
                (
                    "warning",
                    "nothing is known of the \(ecosystem.packages) packages of \(ecosystem.name): no advisories"
                )
            )
        }
        if completeness.uncomparable > 0 {
            lines.append(
                (
                    "warning",
                    "the versions of \(completeness.uncomparable) packages cannot be compared: what does not match is unknown"
                )
            )
        }
        if let end = completeness.endOfLife, end.hasPassed {
            lines.append(("warning", "the distribution has had no security updates since \(end.date)"))
        }
        if let advisories = completeness.advisories {
            lines.append(("note", "newest advisory: \(advisories.newestRecordAt ?? "unknown")"))
        } else {
            lines.append(("error", "there is no advisory database: no flaw can be found"))
        }
        return lines.map { SARIFLog.Notification(level: $0.level, message: SARIFLog.Text(text: $0.text)) }
    }
}
