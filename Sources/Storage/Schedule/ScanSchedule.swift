public import Foundation
public import Tenancy

/// Names a ``ScanSchedule``.
public struct ScheduleID: Identifier {
    /// The UUID itself.
    public let uuid: UUID
    /// Wraps `uuid`.
    public init(_ uuid: UUID) { self.uuid = uuid }
}

/// What is scanned unasked: some tags of one repository, when they change or now and then.
public struct ScanSchedule: Sendable, Equatable {
    /// When a tag is scanned; the raw values are the API's words.
    public enum Rhythm: String, Sendable, CaseIterable {
        /// When the tag stands for another digest than at its last scan.
        case onChange = "on_change"
        /// Every day, changed or not.
        case daily
        /// Every seventh day.
        case weekly
    }

    /// Names it.
    public var id: ScheduleID
    /// The project's organization.
    public var organization: OrganizationID
    /// Whose images it scans.
    public var project: ProjectID
    /// Whether it needs a credential. With one needed and ``credential`` nil, the credential was deleted.
    public var usesCredential: Bool
    /// The credential to look and pull with.
    public var credential: CredentialID?
    /// Who made it; nil when the account is gone.
    public var createdBy: UserID?
    /// Registry and repository: `harbor.example/library/app`.
    public var repository: String
    /// A tag, or a pattern of tags.
    public var tagPattern: String
    /// `os/architecture[/variant]`; empty when the registry's choice is taken.
    public var platform: String
    /// The branch that its scans are of.
    public var branch: String?
    /// When it scans.
    public var rhythm: Rhythm
    /// Whether it runs at all.
    public var isEnabled: Bool
    /// When it looks next.
    public var nextRunAt: Date
    /// When it last looked.
    public var lastRunAt: Date?
    /// Tags that fitted then.
    public var lastTags: Int
    /// Scans that it asked for then.
    public var lastScans: Int
    /// Looks in a row that failed.
    public var failures: Int
    /// What went wrong at the last look.
    public var failure: ScanFailure?
    /// When it was made.
    public var createdAt: Date
    /// When anything of it last changed.
    public var updatedAt: Date

    /// A schedule that has not looked yet.
    public init(
        id: ScheduleID = ScheduleID(),
        organization: OrganizationID,
        project: ProjectID,
        credential: CredentialID?,
        createdBy: UserID?,
        repository: String,
        tagPattern: String,
        platform: String = "",
        branch: String? = nil,
        rhythm: Rhythm,
        isEnabled: Bool = true,
        nextRunAt: Date,
        createdAt: Date
    ) {
        self.id = id
        self.organization = organization
        self.project = project
        self.usesCredential = credential != nil
        self.credential = credential
        self.createdBy = createdBy
        self.repository = repository
        self.tagPattern = tagPattern
        self.platform = platform
        self.branch = branch
        self.rhythm = rhythm
        self.isEnabled = isEnabled
        self.nextRunAt = nextRunAt
        self.lastTags = 0
        self.lastScans = 0
        self.failures = 0
        self.createdAt = createdAt
        self.updatedAt = createdAt
    }

    /// What is wrong with it now: that its credential is gone, else what went wrong at the last look.
    public var trouble: ScanFailure? { usesCredential && credential == nil ? .scheduleWithoutCredential : failure }

    /// The scan of one of its tags.
    public func request(of tag: String) -> ScanRequest {
        var request = ScanRequest(
            organization: organization,
            project: project,
            credential: credential,
            askedBy: nil,
            image: "\(repository):\(tag)",
            repository: repository,
            tag: tag,
            platform: platform,
            branch: branch,
            priority: .scheduled
        )
        request.usesCredential = usesCredential
        return request
    }
}

extension ScanFailure {
    /// The credential of a schedule was deleted.
    public static let scheduleWithoutCredential = ScanFailure(
        category: .authentication,
        code: ScanFailure.credentialDeleted.code,
        hint: "Give the schedule another credential, or delete it",
        message: "the credential of the schedule was deleted"
    )

    /// The credential of a schedule is not linked to its project any more.
    public static let scheduleCredentialUnlinked = ScanFailure(
        category: .authentication,
        code: ScanFailure.credentialUnlinked.code,
        hint: "Link the credential to the project, or give the schedule another one",
        message: "the credential of the schedule is not linked to the project any more"
    )
}
