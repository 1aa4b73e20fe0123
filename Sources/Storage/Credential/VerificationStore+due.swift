public import Foundation
public import Tenancy

extension VerificationStore {
    /// At most `limit` credentials that are due and held by nobody. Organizations take turns, in the order of their ids from the one
    /// behind `last`, so that one with thousands that are due delays nobody else's; of each, those come first that wait longest.
    ///
    /// Costs a look into an index for each organization, however much is due.
    public func due(at now: Date, limit: Int, after last: OrganizationID? = nil) throws -> [VerificationClaim] {
        var organizations = try organizationsWithDue(at: now, limit: limit, "organization.id > $1", last)
        if last != nil, organizations.count < limit {
            organizations += try organizationsWithDue(
                at: now,
                limit: limit - organizations.count,
                "organization.id <= $1",
                last
            )
        }
        var waiting = try organizations.map { try due(of: $0, at: now, limit: limit)[...] }
        var turns: [VerificationClaim] = []
        while turns.count < limit, waiting.contains(where: { !$0.isEmpty }) {
            for index in waiting.indices where turns.count < limit {
                if let next = waiting[index].popFirst() { turns.append(next) }
            }
        }
        return turns
    }

    private func organizationsWithDue(
        at now: Date,
        limit: Int,
        _ place: String,
        _ last: OrganizationID?
    ) throws -> [OrganizationID] {
        let last = last?.uuid ?? UUID(uuid: (0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0))
        return try session.query(
            """
            SELECT organization.id FROM organization
            WHERE \(place) AND EXISTS (
                SELECT 1 FROM credential_verification AS v
                WHERE v.organization_id = organization.id AND v.next_check_at <= $2
                    AND (v.lease_until IS NULL OR v.lease_until <= $2)
            )
            ORDER BY organization.id LIMIT $3
            """,
            [.uuid(last), .time(now), .integer(Int64(limit))]
        ).map { OrganizationID(try $0.uuid(0)) }
    }

    private func due(of organization: OrganizationID, at now: Date, limit: Int) throws -> [VerificationClaim] {
        try session.query(
            """
            SELECT v.credential_id, v.version, credential.version
            FROM credential_verification AS v JOIN credential ON credential.id = v.credential_id
            WHERE v.organization_id = $1 AND v.next_check_at <= $2 AND (v.lease_until IS NULL OR v.lease_until <= $2)
            ORDER BY v.next_check_at LIMIT $3
            """,
            [.uuid(organization.uuid), .time(now), .integer(Int64(limit))]
        ).map { row in
            VerificationClaim(
                credential: CredentialID(try row.uuid(0)),
                organization: organization,
                reason: try row.integer(1) < row.integer(2) ? .change : .schedule
            )
        }
    }
}
