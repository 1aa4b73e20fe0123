public import Foundation
public import Tenancy

/// Findings and what people decided of them.
public struct FindingStore {
    let session: any SQLSession

    /// The store on one connection.
    public init(_ session: any SQLSession) { self.session = session }

    /// The finding `id` of `project`, with all of its places; at most ``placeLimit``.
    public func find(_ id: FindingID, in project: ProjectID) throws -> StoredFinding? {
        throw StorageError(.unavailable, "soon")
    }

    /// Places that are told of one finding.
    public static let placeLimit = 1_000

    /// A page of the findings of `project`.
    public func list(
        in project: ProjectID,
        _ filter: FindingFilter = FindingFilter(),
        order: FindingOrder = .severity,
        isDescending: Bool = true,
        page: Page
    ) throws -> FindingListing {
        throw StorageError(.unavailable, "soon")
    }

    /// Writes a decision over findings of `project`; ``FindingStatus/toVerify`` takes an earlier one back. Returns the ids that were
    /// found, each once.
    public func decide(_ decision: FindingDecision, on ids: [FindingID], in project: ProjectID) throws -> [FindingID] {
        throw StorageError(.unavailable, "soon")
    }

    /// Findings of `project` for a flaw, by any of its ids: what a VEX statement decides. `package` is a full name.
    public func matching(
        flaw: String,
        package: String?,
        repository: String?,
        in project: ProjectID
    ) throws -> [FindingID] {
        throw StorageError(.unavailable, "soon")
    }

    /// Decisions of `project` on findings that no image has any more.
    public func unmatchedDecisions(in project: ProjectID, page: Page) throws -> Listing<StoredFinding> {
        throw StorageError(.unavailable, "soon")
    }

    /// Takes back the decisions that have ended; returns how many. Whoever lists findings calls it before.
    @discardableResult
    public func reopenExpired(at now: Date) throws -> Int { throw StorageError(.unavailable, "soon") }

    /// Whether a decision has ended that ``reopenExpired(at:)`` has not taken back yet; cheap.
    public func hasExpired(at now: Date) throws -> Bool { throw StorageError(.unavailable, "soon") }
}
