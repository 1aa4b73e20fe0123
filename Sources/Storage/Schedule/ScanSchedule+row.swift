import Foundation
import Tenancy

extension ScanSchedule {
    static let columns = """
        id, organization_id, project_id, uses_credential, credential_id, created_by, repository, tag_pattern, platform, branch, \
        rhythm, enabled, next_run_at, last_run_at, last_tags, last_scans, failures, error_category, error_code, error_status, \
        error_hint, error_message, created_at, updated_at
        """

    /// From ``columns``.
    init(row: SQLRow) throws {
        guard let rhythm = Rhythm(rawValue: try row.text(10)) else {
            throw StorageError(.unexpectedValue, "a schedule has an unknown rhythm")
        }
        self.init(
            id: ScheduleID(try row.uuid(0)),
            organization: OrganizationID(try row.uuid(1)),
            project: ProjectID(try row.uuid(2)),
            credential: try row.optionalUUID(4).map(CredentialID.init),
            createdBy: try row.optionalUUID(5).map(UserID.init),
            repository: try row.text(6),
            tagPattern: try row.text(7),
            platform: try row.text(8),
            branch: try row.optionalText(9),
            rhythm: rhythm,
            isEnabled: try row.flag(11),
            nextRunAt: try row.time(12),
            createdAt: try row.time(22)
        )
        usesCredential = try row.flag(3)
        lastRunAt = try row.optionalTime(13)
        (lastTags, lastScans) = (Int(try row.integer(14)), Int(try row.integer(15)))
        failures = Int(try row.integer(16))
        failure = try ScanFailure(row: row, from: 17)
        updatedAt = try row.time(23)
    }
}
