public import Foundation
import Registries
public import Tenancy

/// How the credentials of an organization are. Every question is one pass over the organization's rows, whatever it finds.
public struct CredentialHealthStore {
    private let session: any SQLSession
    private let values: [SQLValue]

    /// Credentials that are told for one project.
    public static let credentialsOfProject = 20

    /// The view of `organization` at one moment.
    public init(_ session: any SQLSession, of organization: OrganizationID, now: Date) {
        self.session = session
        values = [.time(now), .uuid(organization.uuid)]
    }

    /// The totals.
    public func totals() throws -> CredentialHealth {
        let (states, troubles) = (Verification.State.allCases, CredentialHealth.Trouble.allCases)
        let days = CredentialHealth.expiryDays
        let conditions =
            states.map { "c.state = '\($0.rawValue)'" } + troubles.map(Self.condition) + days.map(Self.ends(within:))
        let sums = conditions.map { "SUM(CASE WHEN \($0) THEN 1 ELSE 0 END)" }
        let row = try session.first("\(Self.view) SELECT COUNT(*), \(sums.joined(separator: ", ")) FROM c", values)
        guard let row, row.values.count == 1 + conditions.count else {
            throw StorageError(.unexpectedValue, "the totals of an organization's credentials are incomplete")
        }
        // A sum over no rows is null.
        let numbers = try row.values.indices.map { row.values[$0] == .null ? 0 : Int(try row.integer($0)) }
        return CredentialHealth(
            total: numbers[0],
            byState: Dictionary(uniqueKeysWithValues: zip(states, numbers.dropFirst())),
            byTrouble: Dictionary(uniqueKeysWithValues: zip(troubles, numbers.dropFirst(1 + states.count))),
            expiringWithin: Dictionary(
                uniqueKeysWithValues: zip(days, numbers.dropFirst(1 + states.count + troubles.count))
            )
        )
    }

    /// At most `limit` credentials with `trouble`: those that end first, or else the oldest first.
    public func credentials(with trouble: CredentialHealth.Trouble, limit: Int) throws -> [Credential] {
        let order = trouble == .expired || trouble == .expiring ? "c.expiry, c.id" : "c.id"
        return try session.query(
            """
            \(Self.view) SELECT \(Credential.columns) FROM c
            JOIN credential ON credential.id = c.id \(Credential.joins)
            WHERE \(Self.condition(trouble)) ORDER BY \(order) LIMIT $3
            """,
            values + [.integer(Int64(limit))]
        ).map(Credential.init(row:))
    }

    /// At most `limit` projects that may use a broken or expired credential, by name, and how many there are in all.
    public func affectedProjects(limit: Int) throws -> Listing<AffectedProject> {
        let affected = """
            FROM c JOIN credential_project ON credential_project.credential_id = c.id
            JOIN project ON project.id = credential_project.project_id WHERE \(Self.isLost)
            """
        let total = try session.count("\(Self.view) SELECT COUNT(DISTINCT project.id) \(affected)", values)
        let projects = try session.query(
            """
            \(Self.view) SELECT project.id, project.name, COUNT(*) \(affected)
            GROUP BY project.id, project.name ORDER BY project.name, project.id LIMIT $3
            """,
            values + [.integer(Int64(limit))]
        )
        return Listing(
            items: try projects.map { row in
                AffectedProject(
                    project: ProjectID(try row.uuid(0)),
                    name: try row.text(1),
                    total: Int(try row.integer(2)),
                    credentials: try lostCredentials(of: row.uuid(0))
                )
            },
            total: total
        )
    }

    private func lostCredentials(of project: UUID) throws -> [CredentialID] {
        try session.query(
            """
            \(Self.view) SELECT c.id FROM credential_project JOIN c ON c.id = credential_project.credential_id
            WHERE credential_project.project_id = $3 AND \(Self.isLost) ORDER BY c.id LIMIT $4
            """,
            values + [.uuid(project), .integer(Int64(Self.credentialsOfProject))]
        ).map { CredentialID(try $0.uuid(0)) }
    }

    /// One row for each credential of the organization: its state, its end, and when it was last of use. What was learned of
    /// another version of the secret does not count.
    private static let view = """
        WITH c AS (
            SELECT credential.id AS id, CAST($1 AS BIGINT) AS now,
                CASE WHEN v.version = credential.version THEN v.state ELSE 'unverified' END AS state,
                CASE WHEN v.version = credential.version AND v.expires_at IS NOT NULL
                    THEN v.expires_at ELSE credential.expires_at END AS expiry,
                COALESCE(credential.last_used_at, credential.created_at) AS used
            FROM credential \(Credential.joins) WHERE credential.organization_id = $2
        )
        """

    private static let isLost = "(\(condition(.broken)) OR \(condition(.expired)))"

    private static func condition(_ trouble: CredentialHealth.Trouble) -> String {
        switch trouble {
        case .broken: "c.state IN ('rejected', 'insufficient', 'unreachable')"
        case .tooStrong: "c.state = 'excessive'"
        case .expired: "c.expiry <= c.now"
        case .expiring: ends(within: CredentialHealth.expiryDays.last ?? 0)
        case .unused: "c.used <= c.now - \(CredentialHealth.unusedDays * millisecondsOfDay)"
        }
    }

    private static func ends(within days: Int) -> String {
        "c.expiry > c.now AND c.expiry <= c.now + \(days * millisecondsOfDay)"
    }

    private static let millisecondsOfDay = 86_400_000
}
