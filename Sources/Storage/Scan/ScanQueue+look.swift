public import Foundation

/// Whether there is something for a worker to do.
public enum ScanQueueLook: Sendable {
    /// Nothing waits.
    case nothing
    /// A scan waits.
    case waiting
    /// A worker died, whose scan can wait again.
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
        let waiting = try session.first("SELECT 1 FROM scan WHERE state = 'queued' LIMIT 1", [])
        return waiting == nil ? .nothing : .waiting
    }
}
