public import Foundation
public import OCI

/// A schedule that somebody looks for at the moment.
public struct ClaimedSchedule: Sendable, Equatable {
    /// The schedule.
    public var schedule: ScanSchedule
    /// What proves that its holder has it.
    public var lease: UUID
}

/// What a tag stood for when its schedule last asked for a scan of it.
public struct ScheduledTag: Sendable, Equatable {
    /// What it stood for.
    public var digest: String
    /// Scans of this digest that were asked for.
    public var scans: Int
    /// Whether the last of them failed.
    public var hasFailed: Bool
}

/// What one look of a schedule came to.
public struct ScheduleRun: Sendable {
    /// What fits, and what it stands for, as far as it was asked.
    public var tags: [(tag: String, digest: Digest)] = []
    /// Those of ``tags`` that are to be scanned.
    public var due: Set<String> = []
    /// All that fit, those beside ``tags`` too; nil when that could not be found out.
    public var existing: Set<String>?
    /// What went wrong.
    public var failure: ScanFailure?
    /// Failed looks in a row, this one included.
    public var failures = 0
    /// When to look again.
    public var nextRunAt: Date

    /// A look that has come to nothing yet.
    public init(nextRunAt: Date) { self.nextRunAt = nextRunAt }
}

/// Schedules as those who look for them see them: claiming, and writing what a look came to.
public struct ScheduleQueue {
    private let session: any SQLSession

    /// The queue on one connection.
    public init(_ session: any SQLSession) { self.session = session }

    private static let condition =
        "enabled = 1 AND next_run_at <= $1 AND (lease_until IS NULL OR lease_until <= $1)"

    /// Whether one is due. Looks without writing, so that idleness costs no transaction.
    public func isDue(at now: Date) throws -> Bool {
        try session.first("SELECT 1 FROM scan_schedule WHERE \(ScheduleQueue.condition) LIMIT 1", [.time(now)]) != nil
    }

    /// Leases the schedule that is due for longest until `until`; nil when none is.
    public func claim(until: Date, now: Date) throws -> ClaimedSchedule? {
        let found = try session.first(
            """
            SELECT \(ScanSchedule.columns) FROM scan_schedule WHERE \(ScheduleQueue.condition)
            ORDER BY next_run_at, id LIMIT 1\(session.dialect.skipLocked)
            """,
            [.time(now)]
        )
        guard let schedule = try found.map(ScanSchedule.init(row:)) else { return nil }
        let lease = UUID()
        try session.execute(
            "UPDATE scan_schedule SET lease_id = $1, lease_until = $2 WHERE id = $3",
            [.uuid(lease), .time(until), .uuid(schedule.id.uuid)]
        )
        return ClaimedSchedule(schedule: schedule, lease: lease)
    }

    /// Gives a schedule back: it is due as before.
    public func release(_ claim: ClaimedSchedule) throws {
        try session.execute(
            "UPDATE scan_schedule SET lease_id = NULL, lease_until = NULL WHERE id = $1 AND lease_id = $2",
            [.uuid(claim.schedule.id.uuid), .uuid(claim.lease)]
        )
    }

    /// As ``ScanQueue/endLeasesOfEarlierProcess(at:)``.
    @discardableResult
    public func endLeasesOfEarlierProcess() throws -> Int {
        guard session.dialect == .sqlite else { return 0 }
        return try session.execute(
            "UPDATE scan_schedule SET lease_id = NULL, lease_until = NULL WHERE lease_id IS NOT NULL",
            []
        )
    }

    /// What the tags of a schedule stood for.
    public func tags(of id: ScheduleID) throws -> [String: ScheduledTag] {
        try session.query(
            """
            SELECT t.tag, t.digest, t.scans, COALESCE(s.state, '')
            FROM scan_schedule_tag AS t LEFT JOIN scan AS s ON s.id = t.scan_id
            WHERE t.schedule_id = $1
            """,
            [.uuid(id.uuid)]
        ).reduce(into: [:]) { tags, row in
            tags[try row.text(0)] = ScheduledTag(
                digest: try row.text(1),
                scans: Int(try row.integer(2)),
                hasFailed: try row.text(3) == Scan.State.failed.rawValue
            )
        }
    }

    /// Asks for the scans of a look and writes what it came to, all of it or nothing. Returns how many scans are new; nil, with nothing
    /// written, when the schedule was changed or deleted meanwhile, or somebody else has it.
    public func finish(_ claim: ClaimedSchedule, _ run: ScheduleRun, at now: Date) throws -> Int? {
        let (schedule, id) = (claim.schedule, claim.schedule.id)
        let values = run.failure?.values ?? Array(repeating: .null, count: 5)
        let isHeld = try session.execute(
            """
            UPDATE scan_schedule SET error_category = $1, error_code = $2, error_status = $3, error_hint = $4,
                error_message = $5, next_run_at = $6, last_run_at = $7, last_tags = $8, last_scans = $9, failures = $10,
                lease_id = NULL, lease_until = NULL
            WHERE id = $11 AND lease_id = $12
            """,
            values + [
                .time(run.nextRunAt), .time(now), .integer(run.tags.count), .integer(run.due.count),
                .integer(run.failures), .uuid(id.uuid), .uuid(claim.lease),
            ]
        )
        guard isHeld > 0 else { return nil }
        if let existing = run.existing { try forgetTags(of: id, but: existing) }
        var count = 0
        for (tag, digest) in run.tags where run.due.contains(tag) {
            let (scan, isNew) = try ScanStore(session).enqueue(schedule.request(of: tag), at: now)
            if isNew { count += 1 }
            try note(tag, digest, scan.id, of: id)
        }
        return count
    }

    private func note(_ tag: String, _ digest: Digest, _ scan: ScanID, of id: ScheduleID) throws {
        try session.execute(
            """
            INSERT INTO scan_schedule_tag (schedule_id, tag, digest, scan_id, scans) VALUES ($1, $2, $3, $4, 1)
            ON CONFLICT (schedule_id, tag) DO UPDATE SET scan_id = excluded.scan_id, digest = excluded.digest,
                scans = CASE WHEN scan_schedule_tag.digest = excluded.digest THEN scan_schedule_tag.scans + 1 ELSE 1 END
            """,
            [.uuid(id.uuid), .text(tag), .text(digest.description), .uuid(scan.uuid)]
        )
    }

    /// A tag that was deleted and comes back is new. One that is still there is known when it is looked at again.
    private func forgetTags(of id: ScheduleID, but tags: Set<String>) throws {
        for tag in try self.tags(of: id).keys where !tags.contains(tag) {
            try session.execute(
                "DELETE FROM scan_schedule_tag WHERE schedule_id = $1 AND tag = $2",
                [.uuid(id.uuid), .text(tag)]
            )
        }
    }
}
