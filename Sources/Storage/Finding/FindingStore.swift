import Advisories
public import Foundation
public import Tenancy

/// Findings and what people decided of them.
public struct FindingStore {
    let session: any SQLSession

    /// The store on one connection.
    public init(_ session: any SQLSession) { self.session = session }

    /// The finding `id` of `project`, with all of its places; at most ``placeLimit``.
    public func find(_ id: FindingID, in project: ProjectID) throws -> StoredFinding? {
        let row = try session.first(
            "SELECT \(StoredFinding.columns) FROM finding AS f WHERE f.id = $1 AND f.project_id = $2",
            [.uuid(id.uuid), .uuid(project.uuid)]
        )
        guard var finding = try row.map(StoredFinding.init(row:)) else { return nil }
        var conditions = SQLConditions()
        conditions.require("p.finding_id = \(conditions.bind(.uuid(id.uuid)))")
        finding.places = try places(conditions, limit: FindingStore.placeLimit)
        return finding
    }

    /// Every finding of an image, with its places there.
    public func all(of image: ImageID) throws -> [StoredFinding] {
        var places: [FindingID: [FindingPlace]] = [:]
        let rows = try session.query(
            """
            SELECT \(FindingPlace.columns), p.finding_id FROM finding_image AS p JOIN image AS i ON i.id = p.image_id
            WHERE p.image_id = $1 ORDER BY p.finding_id, p.place
            """,
            [.uuid(image.uuid)]
        )
        for row in rows { places[FindingID(try row.uuid(12)), default: []].append(try FindingPlace(row: row)) }
        return try session.query(
            """
            SELECT \(StoredFinding.columns) FROM finding AS f
            WHERE f.id IN (SELECT finding_id FROM finding_image WHERE image_id = $1) ORDER BY f.id
            """,
            [.uuid(image.uuid)]
        ).map { row in
            var finding = try StoredFinding(row: row)
            finding.places = places[finding.id] ?? []
            return finding
        }
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
        let bit = try filter.branch.map { try BranchBits(session).find($0, in: project) } ?? 0
        // No image is of that branch.
        guard let bit else {
            return FindingListing(findings: [], total: 0, bySeverity: SeverityCounts(), byStatus: [:])
        }
        let condition = filter.conditions(project, session.dialect, branchBit: bit)
        // The condition on the severity is not to choose the index of the page: the order does.
        var limited = filter.conditions(project, session.dialect, branchBit: bit, severity: "severity + 0")
        let (numbers, text) = (try numbers(condition), limited.text)
        let (direction, limit) = (isDescending ? "DESC" : "ASC", limited.limit(page))
        let sorting = (order.columns + ["id"]).map { "\($0) \(direction)" }.joined(separator: ", ")
        let ids = try session.query(
            "SELECT id FROM finding WHERE \(text) ORDER BY \(sorting) \(limit)",
            limited.values
        ).map { FindingID(try $0.uuid(0)) }
        let findings = try ids.compactMap { id in
            let row = try session.first(
                "SELECT \(StoredFinding.columns) FROM finding AS f WHERE f.id = $1",
                [.uuid(id.uuid)]
            )
            guard var finding = try row.map(StoredFinding.init(row:)) else { return nil as StoredFinding? }
            var conditions = SQLConditions()
            conditions.require("p.finding_id = \(conditions.bind(.uuid(id.uuid)))")
            filter.narrow(&conditions, to: "i")
            finding.places = try places(conditions, limit: 1)
            return finding
        }
        return FindingListing(
            findings: findings,
            total: numbers.bySeverity.total,
            bySeverity: numbers.bySeverity,
            byStatus: numbers.byStatus
        )
    }

    /// Writes a decision over findings of `project`; ``FindingStatus/toVerify`` takes an earlier one back. Returns the ids that were
    /// found, each once.
    public func decide(_ decision: FindingDecision, on ids: [FindingID], in project: ProjectID) throws -> [FindingID] {
        var found: [FindingID] = []
        var seen: Set<FindingID> = []
        for id in ids where seen.insert(id).inserted {
            let count = try session.execute(
                """
                UPDATE finding SET status = $1, reason = $2, decided_by = $3, decided_at = $4, decision_expires_at = $5
                WHERE id = $6 AND project_id = $7
                """,
                [
                    .text(decision.status.rawValue), .text(decision.reason), .uuid(decision.author?.uuid),
                    .time(decision.decidedAt),
                    .time(decision.status == .toVerify ? nil : decision.expiresAt), .uuid(id.uuid), .uuid(project.uuid),
                ]
            )
            if count > 0 { found.append(id) }
        }
        try PackageMarks(session).refreshStatuses(found)
        return found
    }

    /// Decisions of `project` on findings that no image has any more.
    public func unmatchedDecisions(in project: ProjectID, page: Page) throws -> Listing<StoredFinding> {
        var conditions = SQLConditions()
        conditions.require("f.project_id = \(conditions.bind(.uuid(project.uuid)))")
        conditions.require("f.present = 0 AND f.status <> 'to_verify'")
        let total = try session.count("SELECT COUNT(*) FROM finding AS f WHERE \(conditions.text)", conditions.values)
        let (text, limit) = (conditions.text, conditions.limit(page))
        let items = try session.query(
            "SELECT \(StoredFinding.columns) FROM finding AS f WHERE \(text) ORDER BY f.id \(limit)",
            conditions.values
        ).map(StoredFinding.init(row:))
        return Listing(items: items, total: total)
    }

    /// Takes back the decisions that have ended; returns how many. Whoever lists findings calls it before.
    @discardableResult
    public func reopenExpired(at now: Date) throws -> Int {
        let ended = try session.query("SELECT id FROM finding WHERE decision_expires_at <= $1", [.time(now)])
        let count = try session.execute(
            "UPDATE finding SET status = 'to_verify', decision_expires_at = NULL WHERE decision_expires_at <= $1",
            [.time(now)]
        )
        try PackageMarks(session).refreshStatuses(ended.map { FindingID(try $0.uuid(0)) })
        return count
    }

    /// Whether a decision has ended that ``reopenExpired(at:)`` has not taken back yet; cheap.
    public func hasExpired(at now: Date) throws -> Bool {
        try session.first("SELECT 1 FROM finding WHERE decision_expires_at <= $1 LIMIT 1", [.time(now)]) != nil
    }

    private func places(_ conditions: SQLConditions, limit: Int) throws -> [FindingPlace] {
        var conditions = conditions
        let (text, count) = (conditions.text, conditions.bind(.integer(limit)))
        return try session.query(
            """
            SELECT \(FindingPlace.columns) FROM finding_image AS p JOIN image AS i ON i.id = p.image_id
            WHERE \(text) ORDER BY p.image_id, p.place LIMIT \(count)
            """,
            conditions.values
        ).map(FindingPlace.init(row:))
    }

    private func numbers(
        _ conditions: SQLConditions
    ) throws -> (bySeverity: SeverityCounts, byStatus: [FindingStatus: Int]) {
        var (bySeverity, byStatus): (SeverityCounts, [FindingStatus: Int]) = (SeverityCounts(), [:])
        let rows = try session.query(
            "SELECT severity, status, COUNT(*) FROM finding WHERE \(conditions.text) GROUP BY severity, status",
            conditions.values
        )
        for row in rows {
            let count = Int(try row.integer(2))
            bySeverity[try Severity(stored: row.integer(0))] += count
            byStatus[try row.findingStatus(1), default: 0] += count
        }
        return (bySeverity, byStatus)
    }
}
