public import Foundation
public import Tenancy

/// Scans as their projects see them: asking for one, listing, looking, cancelling.
public struct ScanStore {
    let session: any SQLSession

    /// The store on one connection.
    public init(_ session: any SQLSession) { self.session = session }

    /// Puts a scan into the queue. When the same project waits already for the same reference on the same platform with the same
    /// credential, that scan is given and `isNew` is false; one that somebody cancels is not given.
    public func enqueue(_ request: ScanRequest, at now: Date) throws -> (scan: Scan, isNew: Bool) {
        throw StorageError(.unavailable, "soon")
    }

    /// The scan `id` of `project`.
    public func find(_ id: ScanID, in project: ProjectID) throws -> Scan? { throw StorageError(.unavailable, "soon") }

    /// The scans of `project`, newest first; only those in one of `states` when it is not empty.
    public func list(in project: ProjectID, states: Set<Scan.State> = [], page: Page) throws -> Listing<Scan> {
        throw StorageError(.unavailable, "soon")
    }

    /// Ends a scan that waits, or asks the worker of one that runs to end it; nothing happens to one that has ended. Returns the
    /// scan afterwards; nil when there is none.
    public func cancel(_ id: ScanID, in project: ProjectID, at now: Date) throws -> Scan? {
        throw StorageError(.unavailable, "soon")
    }

    /// Fails the scans that wait for a credential: all of them, or those of one project. To be called in the transaction that
    /// deletes or unlinks it. Returns how many.
    @discardableResult
    public func failWaiting(
        for credential: CredentialID,
        in project: ProjectID? = nil,
        _ failure: ScanFailure,
        at now: Date
    ) throws -> Int {
        throw StorageError(.unavailable, "soon")
    }

    /// How many scans wait and how many run.
    public func depth() throws -> (queued: Int, running: Int) { throw StorageError(.unavailable, "soon") }
}
