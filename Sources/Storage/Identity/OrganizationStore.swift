public import Foundation
public import Tenancy

/// Organizations and who is a member of them.
public struct OrganizationStore {
    private let session: any SQLSession

    /// The store on one connection.
    public init(_ session: any SQLSession) { self.session = session }

    /// Adds an organization.
    public func insert(_ organization: Organization) throws {
        try session.execute(
            "INSERT INTO organization (id, name, created_at, updated_at) VALUES ($1, $2, $3, $4)",
            [
                .uuid(organization.id.uuid), .text(organization.name), .time(organization.createdAt),
                .time(organization.updatedAt),
            ]
        )
    }

    /// The organization `id`, if it exists.
    public func find(_ id: OrganizationID) throws -> Organization? {
        try session.first(
            "SELECT id, name, created_at, updated_at FROM organization WHERE id = $1",
            [.uuid(id.uuid)]
        ).map(Organization.init(row:))
    }

    /// The organizations of `user` with the role there, oldest first; only `bound` if a key is bound to one.
    public func list(
        of user: UserID,
        bound: OrganizationID?,
        page: Page
    ) throws -> Listing<(organization: Organization, role: OrganizationRole)> {
        let condition = bound == nil ? "" : "AND member.organization_id = $2"
        let values: [SQLValue] = [.uuid(user.uuid)] + (bound.map { [.uuid($0.uuid)] } ?? [])
        let rows = try session.query(
            """
            SELECT organization.id, name, organization.created_at, updated_at, role
            FROM member JOIN organization ON organization.id = member.organization_id
            WHERE user_id = $1 \(condition)
            ORDER BY organization.id LIMIT $\(values.count + 1) OFFSET $\(values.count + 2)
            """,
            values + [page.limit, page.offset]
        )
        return Listing(
            items: try rows.map { (try Organization(row: $0), try $0.role(4)) },
            total: try session.count("SELECT COUNT(*) FROM member WHERE user_id = $1 \(condition)", values)
        )
    }

    /// Gives the organization another name.
    public func rename(_ id: OrganizationID, to name: String, at time: Date) throws {
        try session.execute(
            "UPDATE organization SET name = $1, updated_at = $2 WHERE id = $3",
            [.text(name), .time(time), .uuid(id.uuid)]
        )
    }

    /// Deletes the organization with its projects, members, keys bound to it, and credentials. Sealed secrets are overwritten
    /// in the file. Users stay: they may belong to other organizations.
    public func delete(_ id: OrganizationID) throws {
        // In this order no cascade has to look up rows that another cascade deletes.
        try session.execute("DELETE FROM credential_project WHERE organization_id = $1", [.uuid(id.uuid)])
        try session.execute("DELETE FROM credential WHERE organization_id = $1", [.uuid(id.uuid)])
        try session.execute("DELETE FROM organization WHERE id = $1", [.uuid(id.uuid)])
    }
}

extension Organization {
    fileprivate init(row: SQLRow) throws {
        self.init(
            id: OrganizationID(try row.uuid(0)),
            name: try row.text(1),
            createdAt: try row.time(2),
            updatedAt: try row.time(3)
        )
    }
}

extension SQLRow {
    /// A role column; the schema checks its words.
    func role<Role: RawRepresentable>(_ column: Int) throws -> Role where Role.RawValue == String {
        guard let role = Role(rawValue: try text(column)) else {
            throw StorageError(.unexpectedValue, "a row holds an unknown role")
        }
        return role
    }
}
