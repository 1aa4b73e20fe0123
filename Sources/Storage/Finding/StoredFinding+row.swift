import Advisories
import Foundation
import Inventory
import Tenancy

extension StoredFinding {
    /// Of `finding AS f`.
    static let columns = """
        f.id, f.organization_id, f.project_id, f.repository, f.package_kind, f.package_name, f.flaw, f.aliases, f.status, \
        f.reason, f.decided_by, f.decided_at, f.decision_expires_at, f.severity, f.score, f.fixable, f.exploited, \
        f.image_count, f.first_seen_at, f.last_seen_at, f.known_since, f.detail
        """

    /// From ``columns``; without places.
    init(row: SQLRow) throws {
        let status = try row.findingStatus(8)
        self.init(
            id: FindingID(try row.uuid(0)),
            organization: OrganizationID(try row.uuid(1)),
            project: ProjectID(try row.uuid(2)),
            repository: try row.text(3),
            kind: try Package.Kind(stored: row.text(4)),
            packageName: try row.text(5),
            flaw: try row.text(6),
            aliases: try row.text(7).split(separator: " ").map(String.init),
            status: status,
            decision: try FindingDecision(row: row, status: status),
            severity: try Severity(stored: row.integer(13)),
            scoreInTenths: try row.score(14),
            isFixable: try row.flag(15),
            isExploited: try row.flag(16),
            imageCount: Int(try row.integer(17)),
            firstSeenAt: try row.time(18),
            lastSeenAt: try row.time(19),
            knownSince: try row.time(20),
            detail: try row.text(21),
            places: []
        )
    }
}

extension FindingDecision {
    fileprivate init?(row: SQLRow, status: FindingStatus) throws {
        guard let decidedAt = try row.optionalTime(11) else { return nil }
        self.init(
            status: status,
            reason: try row.optionalText(9),
            author: try row.optionalUUID(10).map(UserID.init),
            decidedAt: decidedAt,
            expiresAt: try row.optionalTime(12)
        )
    }
}

extension FindingPlace {
    /// Of `finding_image AS p` and `image AS i`.
    static let columns = """
        i.id, i.tag, i.platform, i.branch, p.installed_version, p.fixed_in, p.severity, p.score, p.layer, p.layer_digest, \
        p.introduced_by, p.path
        """

    /// From ``columns``.
    init(row: SQLRow) throws {
        self.init(
            image: ImageID(try row.uuid(0)),
            tag: try row.text(1),
            platform: try row.text(2),
            branch: try row.optionalText(3),
            installedVersion: try row.text(4),
            fixedIn: try row.optionalText(5),
            severity: try Severity(stored: row.integer(6)),
            scoreInTenths: try row.score(7),
            layer: try row.optionalInteger(8),
            layerDigest: try row.optionalText(9),
            introducedBy: try row.optionalText(10),
            path: try row.optionalText(11)
        )
    }
}

extension SQLRow {
    func findingStatus(_ column: Int) throws(StorageError) -> FindingStatus {
        guard let status = FindingStatus(rawValue: try text(column)) else {
            throw StorageError(.unexpectedValue, "a finding has an unknown status")
        }
        return status
    }

    /// −1 is none.
    fileprivate func score(_ column: Int) throws(StorageError) -> Int? {
        let score = Int(try integer(column))
        return score < 0 ? nil : score
    }
}
