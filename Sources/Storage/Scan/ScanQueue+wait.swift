public import Foundation

/// What a scan in the queue waits for beside its turn; the raw values are the words of ``Scan/step``.
public enum ScanWait: String, Sendable, CaseIterable {
    /// Its registry wants to be left alone.
    case pause
    /// Another scan reads the same image.
    case twin
}

extension ScanQueue {
    /// Gives a scan back unharmed, at a shutdown: it waits again, and the attempt does not count. One that somebody cancelled ends
    /// instead. False when the lease is lost.
    @discardableResult
    public func release(_ claim: ClaimedScan, at now: Date) throws -> Bool {
        try giveBack(claim, step: "queued", until: nil, at: now)
    }

    /// Gives a scan back that cannot go on before `until`, or before ``endWaits(of:at:)``: nobody claims it meanwhile, it keeps its
    /// turn, and the attempt does not count. One that somebody cancelled ends instead. False when the lease is lost.
    public func postpone(_ claim: ClaimedScan, for wait: ScanWait, until: Date, at now: Date) throws -> Bool {
        try giveBack(claim, step: wait.rawValue, until: until, at: now)
    }

    /// Lets these scans go on, where they wait for their twins.
    public func endWaits(of scans: [ScanID], at now: Date) throws {
        for id in scans {
            try session.execute(
                """
                UPDATE scan SET step = 'queued', waits_until = NULL, updated_at = $1
                WHERE id = $2 AND state = 'queued' AND step = $3
                """,
                [.time(now), .uuid(id.uuid), .text(ScanWait.twin.rawValue)]
            )
        }
    }

    private func giveBack(_ claim: ClaimedScan, step: String, until: Date?, at now: Date) throws -> Bool {
        let isCancelled = try session.execute(
            """
            UPDATE scan SET \(Scan.cancelling)
            WHERE id = $2 AND lease_id = $3 AND state = 'running' AND cancel_asked = 1
            """,
            [.time(now), .uuid(claim.scan.id.uuid), .uuid(claim.lease)]
        )
        guard isCancelled == 0 else { return true }
        return try session.execute(
            """
            UPDATE scan SET state = 'queued', step = $1, progress = 0, attempts = attempts - 1, lease_id = NULL,
                lease_until = NULL, waits_until = $2, updated_at = $3
            WHERE id = $4 AND lease_id = $5 AND state = 'running'
            """,
            [.text(step), .time(until), .time(now), .uuid(claim.scan.id.uuid), .uuid(claim.lease)]
        ) > 0
    }
}
