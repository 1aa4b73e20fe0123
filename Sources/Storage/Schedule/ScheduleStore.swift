import Foundation
public import Tenancy

/// Schedules as their projects see them.
public struct ScheduleStore {
    let session: any SQLSession

    /// Of one project. Each may ask its registry for a hundred tags in a quarter of an hour.
    public static let projectLimit = 50

    /// The store on one connection.
    public init(_ session: any SQLSession) { self.session = session }

    /// Adds a schedule. Throws ``StorageError/Code/uniqueViolation`` when the project has one for the same tags and platform.
    public func insert(_ schedule: ScanSchedule) throws {
        try session.execute(
            """
            INSERT INTO scan_schedule (id, organization_id, project_id, uses_credential, credential_id, created_by, repository,
                tag_pattern, platform, branch, rhythm, enabled, next_run_at, last_tags, last_scans, failures, created_at,
                updated_at)
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, 0, 0, 0, $14, $14)
            """,
            [
                .uuid(schedule.id.uuid), .uuid(schedule.organization.uuid), .uuid(schedule.project.uuid),
                .flag(schedule.usesCredential), .uuid(schedule.credential?.uuid), .uuid(schedule.createdBy?.uuid),
                .text(schedule.repository), .text(schedule.tagPattern), .text(schedule.platform),
                .text(schedule.branch),
                .text(schedule.rhythm.rawValue), .flag(schedule.isEnabled), .time(schedule.nextRunAt),
                .time(schedule.createdAt),
            ]
        )
    }

    /// How many schedules `project` has.
    public func count(in project: ProjectID) throws -> Int {
        try session.count("SELECT COUNT(*) FROM scan_schedule WHERE project_id = $1", [.uuid(project.uuid)])
    }

    /// Whether `project` has a schedule for the same tags and platform.
    public func exists(like schedule: ScanSchedule) throws -> Bool {
        try session.first(
            """
            SELECT 1 FROM scan_schedule
            WHERE project_id = $1 AND repository = $2 AND tag_pattern = $3 AND platform = $4
            """,
            [
                .uuid(schedule.project.uuid), .text(schedule.repository), .text(schedule.tagPattern),
                .text(schedule.platform),
            ]
        ) != nil
    }

    /// The schedule `id` of `project`.
    public func find(_ id: ScheduleID, in project: ProjectID) throws -> ScanSchedule? {
        try session.first(
            "SELECT \(ScanSchedule.columns) FROM scan_schedule WHERE id = $1 AND project_id = $2",
            [.uuid(id.uuid), .uuid(project.uuid)]
        ).map(ScanSchedule.init(row:))
    }

    /// The schedules of `project`, oldest first.
    public func list(in project: ProjectID, page: Page) throws -> Listing<ScanSchedule> {
        let items = try session.query(
            """
            SELECT \(ScanSchedule.columns) FROM scan_schedule WHERE project_id = $1 ORDER BY id LIMIT $2 OFFSET $3
            """,
            [.uuid(project.uuid), page.limit, page.offset]
        ).map(ScanSchedule.init(row:))
        return Listing(items: items, total: try count(in: project))
    }

    /// Writes credential, branch, rhythm, whether it runs and when it runs next. What went wrong before is forgotten, and who looks for
    /// it at the moment writes nothing.
    public func update(_ schedule: ScanSchedule) throws {
        try session.execute(
            """
            UPDATE scan_schedule SET uses_credential = $1, credential_id = $2, branch = $3, rhythm = $4, enabled = $5,
                next_run_at = $6, updated_at = $7, failures = 0, error_category = NULL, error_code = NULL,
                error_status = NULL, error_hint = NULL, error_message = NULL, lease_id = NULL, lease_until = NULL
            WHERE id = $8 AND project_id = $9
            """,
            [
                .flag(schedule.usesCredential), .uuid(schedule.credential?.uuid), .text(schedule.branch),
                .text(schedule.rhythm.rawValue), .flag(schedule.isEnabled), .time(schedule.nextRunAt),
                .time(schedule.updatedAt), .uuid(schedule.id.uuid), .uuid(schedule.project.uuid),
            ]
        )
    }

    /// Deletes a schedule; its scans and results stay. False when there is none.
    public func delete(_ id: ScheduleID, in project: ProjectID) throws -> Bool {
        try session.execute(
            "DELETE FROM scan_schedule WHERE id = $1 AND project_id = $2",
            [.uuid(id.uuid), .uuid(project.uuid)]
        ) > 0
    }
}
