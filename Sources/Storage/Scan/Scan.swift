public import Foundation
public import Tenancy

/// One run over one image, asked for by somebody or by a schedule.
public struct Scan: Sendable, Equatable {
    /// Where a scan stands; the raw values are the contract's words.
    public enum State: String, Sendable, CaseIterable {
        /// Waits for a worker.
        case queued
        /// A worker has it.
        case running
        /// Everything was read.
        case completed
        /// There is a result, and it says what of the image is not in it.
        case completedDegraded = "completed_degraded"
        /// There is no result; ``Scan/failure`` says why.
        case failed
        /// Somebody ended it before its result.
        case cancelled

        /// Whether nothing more happens to it.
        public var isFinal: Bool { self != .queued && self != .running }
    }

    /// Names it.
    public var id: ScanID
    /// What was asked for.
    public var request: ScanRequest
    /// Where it stands.
    public var state: State
    /// What is being done, in a word: `queued`, `resolve`, `pull`, `match`, `finish`; or what it waits for, by ``ScanWait``.
    public var step: String
    /// 0 to 100.
    public var progress: Int
    /// How many workers had it.
    public var attempts: Int
    /// Whether somebody asked for its end, which its worker has not heard yet.
    public var isCancelAsked: Bool
    /// Why it failed.
    public var failure: ScanFailure?
    /// The image that it wrote; nil without a result, or when the image was deleted.
    public var image: ImageID?
    /// How many findings its image had at its end.
    public var findingCount: Int?
    /// JSON, as its writer encoded it.
    public var completeness: String?
    /// When it was asked for.
    public var createdAt: Date
    /// When a worker first had it.
    public var startedAt: Date?
    /// When it ended.
    public var finishedAt: Date?
    /// When anything of it last changed.
    public var updatedAt: Date
    /// Until when it stays in the queue at most, for the reason that ``step`` names; nil when its turn is all that it waits for.
    public var waitsUntil: Date?
}

/// What is asked of a scan.
public struct ScanRequest: Sendable, Equatable {
    /// Which scans go first; the lower raw value.
    public enum Priority: Int, Sendable {
        /// Somebody waits.
        case asked = 0
        /// A schedule or a change of a tag.
        case scheduled = 1
    }

    /// The project's organization.
    public var organization: OrganizationID
    /// Whose results it writes.
    public var project: ProjectID
    /// Whether it needs a credential. With one needed and ``credential`` nil, the credential was deleted.
    public var usesCredential: Bool
    /// The credential to pull with.
    public var credential: CredentialID?
    /// Who asked; nil for a schedule, or when the account is gone.
    public var askedBy: UserID?
    /// The reference as it was asked for.
    public var image: String
    /// Registry and repository: `harbor.example/library/app`.
    public var repository: String
    /// The tag, or the digest where the image was asked for by digest.
    public var tag: String
    /// `os/architecture[/variant]`; empty when the registry's choice is taken.
    public var platform: String
    /// The branch that the image was built from, as the caller says.
    public var branch: String?
    /// As the caller says.
    public var isPrivate: Bool
    /// Only these are asked for, in the caller's words; empty for all.
    public var severities: [String]
    /// Which scans go first.
    public var priority: Priority

    /// A request.
    public init(
        organization: OrganizationID,
        project: ProjectID,
        credential: CredentialID?,
        askedBy: UserID?,
        image: String,
        repository: String,
        tag: String,
        platform: String = "",
        branch: String? = nil,
        isPrivate: Bool = false,
        severities: [String] = [],
        priority: Priority = .asked
    ) {
        self.organization = organization
        self.project = project
        self.usesCredential = credential != nil
        self.credential = credential
        self.askedBy = askedBy
        self.image = image
        self.repository = repository
        self.tag = tag
        self.platform = platform
        self.branch = branch
        self.isPrivate = isPrivate
        self.severities = severities
        self.priority = priority
    }
}

/// Why a scan has no result.
public struct ScanFailure: Sendable, Equatable {
    /// What kind of trouble it was; the raw values are the contract's words. Source: published-api.json, `errorCategory`.
    public enum Category: String, Sendable, CaseIterable {
        /// The credential, or what it may do.
        case authentication
        /// The way to the registry.
        case network
        /// The image, or the scan itself.
        case scan
        /// What the registry answered.
        case api
        /// Trouble inside the service.
        case unknown
    }

    /// What kind of trouble it was.
    public var category: Category
    /// A stable code: `credential-deleted`.
    public var code: String
    /// The registry's HTTP status, if one was answered.
    public var upstreamStatus: Int?
    /// What to do.
    public var hint: String?
    /// What failed, safe for users.
    public var message: String

    /// A reason.
    public init(category: Category, code: String, upstreamStatus: Int? = nil, hint: String? = nil, message: String) {
        self.category = category
        self.code = code
        self.upstreamStatus = upstreamStatus
        self.hint = hint
        self.message = message
    }
}
