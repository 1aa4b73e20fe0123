public import Advisories
public import Foundation
public import Inventory
public import Tenancy

/// What people think of a finding; the raw values are the contract's words.
public enum FindingStatus: String, Sendable, CaseIterable {
    /// Nobody has looked.
    case toVerify = "to_verify"
    /// It is true and to be fixed.
    case confirmed
    /// It is no matter any more.
    case resolved
    /// It is no matter here.
    case ignored
}

/// What somebody decided of a finding.
public struct FindingDecision: Sendable, Hashable {
    /// What it is from now on.
    public var status: FindingStatus
    /// Why.
    public var reason: String?
    /// Who decided; nil when the account is gone.
    public var author: UserID?
    /// When.
    public var decidedAt: Date
    /// When it ends: the finding is to be verified again then.
    public var expiresAt: Date?

    /// A decision.
    public init(status: FindingStatus, reason: String?, author: UserID?, decidedAt: Date, expiresAt: Date?) {
        self.status = status
        self.reason = reason
        self.author = author
        self.decidedAt = decidedAt
        self.expiresAt = expiresAt
    }
}

/// A flaw of a package in a repository. It outlives tags, digests, versions and scans.
public struct StoredFinding: Sendable, Equatable {
    /// Names it for as long as its project has it.
    public var id: FindingID
    /// Its organization.
    public var organization: OrganizationID
    /// Its project.
    public var project: ProjectID
    /// Registry and repository.
    public var repository: String
    /// What kind of package it is in.
    public var kind: Package.Kind
    /// The package without its version.
    public var packageName: String
    /// The id that people know.
    public var flaw: String
    /// The other ids, sorted.
    public var aliases: [String]
    /// What people think of it.
    public var status: FindingStatus
    /// Why it has its status; nil while nobody has decided.
    public var decision: FindingDecision?
    /// The worst of its images; the last known when no image has it any more.
    public var severity: Severity
    /// CVSS base score in tenths, 0 to 100.
    public var scoreInTenths: Int?
    /// Whether there is a version to go to, in any of its images.
    public var isFixable: Bool
    /// Whether it is known to be exploited.
    public var isExploited: Bool
    /// How many images have it; 0 when it is gone.
    public var imageCount: Int
    /// When a scan first had it.
    public var firstSeenAt: Date
    /// When a scan last had it.
    public var lastSeenAt: Date
    /// When the advisories first told of it, as far as this service saw.
    public var knownSince: Date
    /// JSON, as its writer encoded it.
    public var detail: String
    /// Where it is: in lists the first place only, of the image that the list was filtered by if it was.
    public var places: [FindingPlace]
}

/// One place of a finding: a package of an image.
public struct FindingPlace: Sendable, Equatable {
    /// The image.
    public var image: ImageID
    /// Its tag.
    public var tag: String
    /// Its platform.
    public var platform: String
    /// Its branch.
    public var branch: String?
    /// The version that is installed.
    public var installedVersion: String
    /// The version to go to.
    public var fixedIn: String?
    /// In this image.
    public var severity: Severity
    /// CVSS base score in tenths.
    public var scoreInTenths: Int?
    /// The layer that brought the package, counted from 0.
    public var layer: Int?
    /// Its digest.
    public var layerDigest: String?
    /// The command of the image's history that made the layer.
    public var introducedBy: String?
    /// The file that states the package.
    public var path: String?
}

/// Which findings are asked for. An empty set or nil asks for nothing in particular.
public struct FindingFilter: Sendable, Equatable {
    /// One of these.
    public var severities: Set<Severity> = []
    /// One of these.
    public var statuses: Set<FindingStatus> = []
    /// Whether there is a version to go to.
    public var isFixable: Bool?
    /// Whether it is known to be exploited.
    public var isExploited: Bool?
    /// In this image.
    public var image: ImageID?
    /// In this repository.
    public var repository: String?
    /// In an image of this tag.
    public var tag: String?
    /// In an image of this branch.
    public var branch: String?
    /// Of this package.
    public var package: String?
    /// One of these kinds of package.
    public var kinds: Set<Package.Kind> = []
    /// Part of the package's name, or of any id of the flaw, in either case.
    public var search: String?

    /// Everything that some image has.
    public init() {}
}

/// What lists of findings are sorted by.
public enum FindingOrder: Sendable, Hashable, CaseIterable {
    /// By severity, then score.
    case severity
    /// By score, then severity.
    case score
    /// By the package's name, then severity.
    case package
    /// By when a scan first had it.
    case firstSeen
    /// By when a scan last had it.
    case lastSeen
    /// By status, then severity.
    case status
    /// By the kind of package, then severity.
    case kind
}

/// A page of findings, and numbers of all that the filter takes.
public struct FindingListing: Sendable, Equatable {
    /// The page.
    public var findings: [StoredFinding]
    /// All that the filter takes.
    public var total: Int
    /// Of these, by severity.
    public var bySeverity: SeverityCounts
    /// Of these, by status.
    public var byStatus: [FindingStatus: Int]

    /// A page.
    public init(
        findings: [StoredFinding],
        total: Int,
        bySeverity: SeverityCounts,
        byStatus: [FindingStatus: Int]
    ) {
        self.findings = findings
        self.total = total
        self.bySeverity = bySeverity
        self.byStatus = byStatus
    }
}
