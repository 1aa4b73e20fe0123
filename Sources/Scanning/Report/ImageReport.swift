public import Advisories
public import Foundation

/// Everything that is told of one image: what is in it, what is wrong with it, and how complete both are.
public struct ImageReport: Sendable {
    /// The image and its inventory.
    public let scanned: ScannedImage
    /// The worst first.
    public let findings: [Finding]
    /// How complete it is.
    public let completeness: ReportCompleteness
    /// When it was made.
    public let createdAt: Date
    /// Pratique's version.
    public let toolVersion: String

    /// A report of what was scanned and what was found.
    init(
        scanned: ScannedImage,
        findings: [Finding],
        completeness: ReportCompleteness,
        createdAt: Date,
        toolVersion: String
    ) {
        self.scanned = scanned
        let ranks = findings.map(Finding.Rank.init)
        self.findings = findings.indices.sorted { ranks[$0] < ranks[$1] }.map { findings[$0] }
        self.completeness = completeness
        self.createdAt = createdAt
        self.toolVersion = toolVersion
    }

    /// How many findings there are of each severity, the worst first; severities without any are left out.
    public var counts: [(severity: Severity, count: Int)] {
        let grouped = Dictionary(grouping: findings, by: \.severity)
        return Severity.allCases.sorted(by: >).compactMap { severity in
            grouped[severity].map { (severity, $0.count) }
        }
    }

    /// RFC 3339 in UTC.
    var timestamp: String { createdAt.formatted(.iso8601) }
}
