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
    /// Another worker has it, or it has ended: stop and write nothing.
    case lost
}

/// Scans as workers see them: claiming, keeping the lease alive, ending.
public struct ScanQueue {
    let session: any SQLSession

    /// Leases that may run out under one scan before it fails, so that an image that kills its worker does not kill all of them.
    public static let attemptLimit = 3

    /// The queue on one connection.
    public init(_ session: any SQLSession) { self.session = session }

    /// Leases the next scan until `until`; nil when none waits. Those asked for come before scheduled ones; of these, projects
    /// take turns; of a project, the oldest.
    public func claim(until: Date, now: Date) throws -> ClaimedScan? { throw StorageError(.unavailable, "soon") }

    /// Extends the lease and says how far the scan is.
    public func heartbeat(
        _ claim: ClaimedScan,
        step: String,
        progress: Int,
        until: Date,
        now: Date
    ) throws -> LeaseState {
        throw StorageError(.unavailable, "soon")
    }

    /// Gives a scan back unharmed, at a shutdown: it waits again, and the attempt does not count.
    public func release(_ claim: ClaimedScan, at now: Date) throws { throw StorageError(.unavailable, "soon") }

    /// Lets the scans wait again whose workers died; those that have had ``attemptLimit`` of them fail with `failure`.
    @discardableResult
    public func requeueExpired(
        at now: Date,
        exhausted failure: ScanFailure
    ) throws -> (requeued: Int, failed: Int) {
        throw StorageError(.unavailable, "soon")
    }

    /// Ends a scan without a result; what an earlier scan found stays. False when the lease is lost.
    public func fail(_ claim: ClaimedScan, _ failure: ScanFailure, at now: Date) throws -> Bool {
        throw StorageError(.unavailable, "soon")
    }

    /// Ends a scan that somebody cancelled. False when the lease is lost.
    public func endCancelled(_ claim: ClaimedScan, at now: Date) throws -> Bool {
        throw StorageError(.unavailable, "soon")
    }

    /// Writes the result and ends the scan; what an earlier scan of the same repository, tag and platform found is replaced, all of
    /// it or nothing. Returns the image; nil, with nothing written, when the lease is lost or the scan was cancelled.
    public func finish(_ claim: ClaimedScan, _ outcome: ScanOutcome, at now: Date) throws -> ImageID? {
        throw StorageError(.unavailable, "soon")
    }
}
