public import Foundation

/// A scan that a worker holds.
public struct ClaimedScan: Sendable, Equatable {
    /// The scan.
    public var scan: Scan
    /// What proves that the worker holds it.
    public var lease: UUID
}

/// Whether a worker still has its scan.
public enum LeaseState: Sendable, Equatable {
    /// Go on.
    case held
    /// Somebody cancelled: end it and call ``ScanQueue/endCancelled(_:at:)``.
    case cancelAsked
    /// Another worker has it, it has ended, or its project is gone: stop and write nothing.
    case lost
}

/// Scans as workers see them: claiming, keeping the lease alive, ending.
public struct ScanQueue {
    let session: any SQLSession

    /// Leases that may run out under one scan before it fails, so that an image that kills its worker does not kill all of them.
    public static let attemptLimit = 3

    /// The queue on one connection.
    public init(_ session: any SQLSession) { self.session = session }

    /// Leases the next scan until `until`; nil when none waits for its turn. Those asked for come before scheduled ones; of these, projects
    /// take turns; of a project, the oldest.
    public func claim(until: Date, now: Date) throws -> ClaimedScan? {
        guard
            let next = try session.first(
                """
                SELECT id FROM scan WHERE state = 'queued' AND waits_until IS NULL
                ORDER BY priority, turn, id LIMIT 1\(session.dialect.skipLocked)
                """,
                []
            )
        else { return nil }
        let (id, lease) = (try next.uuid(0), UUID())
        try session.execute(
            """
            UPDATE scan SET state = 'running', step = 'resolve', progress = 0, attempts = attempts + 1, lease_id = $1,
                lease_until = $2, started_at = COALESCE(started_at, $3), updated_at = $3
            WHERE id = $4
            """,
            [.uuid(lease), .time(until), .time(now), .uuid(id)]
        )
        return try session.first("SELECT \(Scan.columns) FROM scan WHERE id = $1", [.uuid(id)]).map {
            ClaimedScan(scan: try Scan(row: $0), lease: lease)
        }
    }

    /// Extends the lease and says how far the scan is.
    public func heartbeat(
        _ claim: ClaimedScan,
        step: String,
        progress: Int,
        until: Date,
        now: Date
    ) throws -> LeaseState {
        let isHeld = try session.execute(
            """
            UPDATE scan SET step = $1, progress = $2, lease_until = $3, updated_at = $4
            WHERE id = $5 AND lease_id = $6 AND state = 'running'
            """,
            [
                .text(step), .integer(min(max(progress, 0), 100)), .time(until), .time(now), .uuid(claim.scan.id.uuid),
                .uuid(claim.lease),
            ]
        )
        guard isHeld > 0 else { return .lost }
        let row = try session.first("SELECT cancel_asked FROM scan WHERE id = $1", [.uuid(claim.scan.id.uuid)])
        return try row?.flag(0) == true ? .cancelAsked : .held
    }

    /// Lets the scans wait again whose workers died, and go on whose wait is over; those that have had ``attemptLimit`` workers fail
    /// with `failure`.
    @discardableResult
    public func requeueExpired(
        at now: Date,
        exhausted failure: ScanFailure
    ) throws -> (requeued: Int, failed: Int) {
        try session.execute(
            """
            UPDATE scan SET \(Scan.cancelling)
            WHERE state = 'running' AND lease_until <= $1 AND cancel_asked = 1
            """,
            [.time(now)]
        )
        let failed = try session.execute(
            """
            UPDATE scan SET \(ScanFailure.ending)
            WHERE state = 'running' AND lease_until <= $6 AND attempts >= $7
            """,
            failure.values + [.time(now), .integer(ScanQueue.attemptLimit)]
        )
        let requeued = try session.execute(
            """
            UPDATE scan SET state = 'queued', step = 'queued', progress = 0, lease_id = NULL, lease_until = NULL,
                updated_at = $1
            WHERE state = 'running' AND lease_until <= $1
            """,
            [.time(now)]
        )
        try session.execute(
            "UPDATE scan SET step = 'queued', waits_until = NULL, updated_at = $1 WHERE waits_until <= $1",
            [.time(now)]
        )
        return (requeued, failed)
    }

    /// Ends a scan without a result; what an earlier scan found stays. False when the lease is lost.
    public func fail(_ claim: ClaimedScan, _ failure: ScanFailure, at now: Date) throws -> Bool {
        try session.execute(
            """
            UPDATE scan SET \(ScanFailure.ending)
            WHERE id = $7 AND lease_id = $8 AND state = 'running'
            """,
            failure.values + [.time(now), .uuid(claim.scan.id.uuid), .uuid(claim.lease)]
        ) > 0
    }

    /// Ends a scan that somebody cancelled. False when the lease is lost.
    public func endCancelled(_ claim: ClaimedScan, at now: Date) throws -> Bool {
        try session.execute(
            """
            UPDATE scan SET \(Scan.cancelling)
            WHERE id = $2 AND lease_id = $3 AND state = 'running'
            """,
            [.time(now), .uuid(claim.scan.id.uuid), .uuid(claim.lease)]
        ) > 0
    }

    /// Writes the result and ends the scan; what an earlier scan of the same repository, tag and platform found is replaced, all of
    /// it or nothing. Returns the image; nil, with nothing written, when the lease is lost or the scan was cancelled.
    public func finish(_ claim: ClaimedScan, _ outcome: ScanOutcome, at now: Date) throws -> ImageID? {
        let held = try session.first(
            """
            SELECT 1 FROM scan WHERE id = $1 AND lease_id = $2 AND state = 'running' AND cancel_asked = 0
            """,
            [.uuid(claim.scan.id.uuid), .uuid(claim.lease)]
        )
        guard held != nil else { return nil }
        let image = try ImageWriter(session).write(outcome, of: claim.scan, at: now)
        try session.execute(
            """
            UPDATE scan SET state = $1, step = 'finished', progress = 100, image_id = $2, finding_count = $3,
                completeness = $4, lease_id = NULL, lease_until = NULL, finished_at = $5, updated_at = $5
            WHERE id = $6
            """,
            [
                .text((outcome.isDegraded ? Scan.State.completedDegraded : .completed).rawValue), .uuid(image.id.uuid),
                .integer(image.findingCount), .text(outcome.completeness), .time(now), .uuid(claim.scan.id.uuid),
            ]
        )
        return image.id
    }
}
