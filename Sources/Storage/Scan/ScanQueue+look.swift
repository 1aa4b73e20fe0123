public import Foundation

/// Whether there is something for a worker to do.
public enum ScanQueueLook: Sendable {
    /// Nothing waits.
    case nothing
    /// A scan waits for its turn and nothing else.
    case waiting
    /// A worker died, whose scan can wait again, or a wait is over; see ``ScanQueue/requeueExpired(at:exhausted:)``.
    case expired
}

extension ScanQueue {
    /// Looks without writing, so that an idle worker costs no transaction.
    public func look(at now: Date) throws -> ScanQueueLook {
        let expired = try session.first(
            "SELECT 1 FROM scan WHERE state = 'running' AND lease_until <= $1 LIMIT 1",
            [.time(now)]
        )
        if expired != nil { return .expired }
        let due = try session.first("SELECT 1 FROM scan WHERE waits_until <= $1 LIMIT 1", [.time(now)])
        if due != nil { return .expired }
        let waiting = try session.first(
            "SELECT 1 FROM scan WHERE state = 'queued' AND waits_until IS NULL LIMIT 1",
            []
        )
        return waiting == nil ? .nothing : .waiting
    }

    /// Ends the leases of a process that is gone, so that its scans are found at the next look. To be called when a process begins,
    /// before its first worker. Returns how many.
    ///
    /// The lock of the data directory lets one process at a time use SQLite: whoever holds a lease when it begins is dead. Other nodes
    /// on PostgreSQL may be alive: nothing happens there, and the lease of a dead one runs out.
    @discardableResult
    public func endLeasesOfEarlierProcess(at now: Date) throws -> Int {
        guard session.dialect == .sqlite else { return 0 }
        // The twins are dead too.
        try session.execute(
            "UPDATE scan SET waits_until = $1 WHERE waits_until > $1 AND step = $2",
            [.time(now), .text(ScanWait.twin.rawValue)]
        )
        return try session.execute(
            "UPDATE scan SET lease_until = $1 WHERE state = 'running' AND lease_until > $1",
            [.time(now)]
        )
    }
}
