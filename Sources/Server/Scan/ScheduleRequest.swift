import Foundation
import OCI
import Registries
import Scanning
import Storage
import Tenancy

/// What a request for a new schedule asks, after all rules; every complaint is told together.
struct NewSchedule: Sendable {
    /// Nil for public images.
    let credential: CredentialID?
    /// As it was sent, without the tag.
    private let name: String
    private let pattern: TagPattern?
    private let rhythm: ScanSchedule.Rhythm?
    private let platform: String
    private let branch: String?
    private let isEnabled: Bool

    static let schema = Schema.object(
        [
            ("credentialId", Schema.uuid("A credential that is linked to the project; without one images are public")),
            (
                "imageName",
                Schema.string(
                    "Image with a tag, or with a pattern in which `*` stands for any characters",
                    example: "shop/app:release-*",
                    maximum: ImageReference.lengthLimit,
                    minimum: 1
                )
            ), ("when", ScanSchedule.whenSchema),
            ("isEnabled", Schema.boolean("Whether it runs; true when it is missing")),
        ] + StartScanRequest.commonSchema,
        optional: ["credentialId", "isEnabled", "branch", "platform"]
    )

    init(_ body: Data) throws(APIError) {
        var fields = try RequestFields(body)
        credential = fields.contains("credentialId") ? fields.id("credentialId") : nil
        let text = fields.text("imageName", limit: ImageReference.lengthLimit) ?? ""
        rhythm = fields.choice("when")
        isEnabled = fields.optionalFlag("isEnabled") ?? true
        branch = fields.optionalText("branch", limit: StartScanRequest.branchLimit)
        platform = fields.platform()
        let parts = NewSchedule.parts(text)
        name = parts.name
        if text.contains("@") {
            fields.complain("imageName", "must have a tag or a pattern: what a digest stands for never changes")
        }
        do {
            pattern = try TagPattern(parts.tag)
        } catch {
            pattern = nil
            if !text.isEmpty, !text.contains("@") { fields.complain("imageName", error.message) }
        }
        try fields.finish()
    }

    /// The colon before a port is no colon before a tag.
    private static func parts(_ text: String) -> (name: String, tag: String) {
        let start = text.lastIndex(of: "/") ?? text.startIndex
        guard let colon = text[start...].lastIndex(of: ":") else { return (text, "latest") }
        return (String(text[..<colon]), String(text[text.index(after: colon)...]))
    }

    /// The schedule. Throws a complaint on the field that names the image.
    func schedule(
        in project: ProjectID,
        _ grant: Grant,
        credential: Credential?,
        firstLook: Date,
        now: Date
    ) throws(APIError) -> ScanSchedule {
        guard let organization = grant.organization else { throw .forbidden }
        guard let pattern, let rhythm else { throw .internalError(cause: "a schedule without complaints lacks a part") }
        return ScanSchedule(
            organization: organization,
            project: project,
            credential: credential?.id,
            createdBy: grant.principal.user,
            repository: try ScanSchedule.repository(name, of: credential, field: "imageName"),
            tagPattern: pattern.description,
            platform: platform,
            branch: branch,
            rhythm: rhythm,
            isEnabled: isEnabled,
            nextRunAt: firstLook,
            createdAt: now
        )
    }
}

/// What a request changes of a schedule; what it does not name stays.
struct ScheduleChange: Sendable {
    let credential: CredentialID?
    private let rhythm: ScanSchedule.Rhythm?
    private let isEnabled: Bool?
    private let branch: String?
    private let hasBranch: Bool

    static let schema = Schema.object(
        [
            ("credentialId", Schema.uuid("Another credential of the same registry, linked to the project")),
            ("when", ScanSchedule.whenSchema), ("isEnabled", Schema.boolean("Whether it runs")),
            (
                "branch",
                Schema.string("The branch that its images were built from", maximum: StartScanRequest.branchLimit)
                    .adding(["nullable": true])
            ),
        ],
        optional: ["credentialId", "when", "isEnabled", "branch"]
    )

    init(_ given: RequestFields) throws(APIError) {
        var fields = given
        credential = fields.contains("credentialId") ? fields.id("credentialId") : nil
        rhythm = fields.contains("when") ? fields.choice("when") : nil
        isEnabled = fields.optionalFlag("isEnabled")
        hasBranch = fields.contains("branch")
        branch = fields.optionalText("branch", limit: StartScanRequest.branchLimit)
        try fields.finish()
    }

    /// The changed schedule, which looks again soon. Throws a complaint when `credential` is of another registry.
    func apply(to schedule: ScanSchedule, credential: Credential?, nextLook: Date, now: Date) throws(APIError)
        -> ScanSchedule
    {
        var schedule = schedule
        if let credential {
            let repository = try ScanSchedule.repository(schedule.repository, of: credential, field: "credentialId")
            guard repository == schedule.repository else {
                throw .invalid("credentialId", "is of another registry than the schedule's images")
            }
            (schedule.usesCredential, schedule.credential) = (true, credential.id)
        }
        schedule.rhythm = rhythm ?? schedule.rhythm
        schedule.isEnabled = isEnabled ?? schedule.isEnabled
        if hasBranch { schedule.branch = branch }
        (schedule.nextRunAt, schedule.updatedAt) = (nextLook, now)
        return schedule
    }
}

extension ScanSchedule {
    /// Registry and repository of the image `name`, as one would write it in a request for a scan.
    fileprivate static func repository(_ name: String, of credential: Credential?, field: String) throws(APIError)
        -> String
    {
        do throws(FieldComplaint) {
            guard let credential else { return try ImageReference.publicImage("\(name):x").repositoryName }
            return try ImageReference.image("\(name):x", of: credential).repositoryName
        } catch {
            throw .invalid(field, error.message)
        }
    }
}
