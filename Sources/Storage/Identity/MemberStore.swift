public import Foundation
public import Tenancy

/// Users as members of organizations.
public struct MemberStore {
    private let session: any SQLSession

    /// The store on one connection.
    public init(_ session: any SQLSession) { self.session = session }

    /// Makes a user a member. Throws ``StorageError/Code/uniqueViolation`` when it is one.
    public func insert(_ user: UserID, in organization: OrganizationID, role: OrganizationRole, at time: Date) throws {
        try session.execute(
            "INSERT INTO member (organization_id, user_id, role, created_at) VALUES ($1, $2, $3, $4)",
            [.uuid(organization.uuid), .uuid(user.uuid), .text(role.rawValue), .time(time)]
        )
    }

    /// The member, if the user is one.
    public func find(_ user: UserID, in organization: OrganizationID) throws -> Member? {
        try session.first(
            "\(MemberStore.select) WHERE organization_id = $1 AND user_id = $2",
            [.uuid(organization.uuid), .uuid(user.uuid)]
        ).map(Member.init(row:))
    }

    /// The members, oldest user first.
    public func list(in organization: OrganizationID, page: Page) throws -> Listing<Member> {
        Listing(
            items: try session.query(
                "\(MemberStore.select) WHERE organization_id = $1 ORDER BY user_id LIMIT $2 OFFSET $3",
                [.uuid(organization.uuid), page.limit, page.offset]
            ).map(Member.init(row:)),
            total: try session.count(
                "SELECT COUNT(*) FROM member WHERE organization_id = $1",
                [.uuid(organization.uuid)]
            )
        )
    }

    /// Changes a member's role; returns whether the user is a member.
    public func setRole(_ role: OrganizationRole, of user: UserID, in organization: OrganizationID) throws -> Bool {
        try session.execute(
            "UPDATE member SET role = $1 WHERE organization_id = $2 AND user_id = $3",
            [.text(role.rawValue), .uuid(organization.uuid), .uuid(user.uuid)]
        ) > 0
    }

    /// Ends a membership, the user's roles in the projects and its keys bound to the organization with it; returns whether
    /// there was one.
    public func delete(_ user: UserID, from organization: OrganizationID) throws -> Bool {
        try session.execute(
            "DELETE FROM api_key WHERE organization_id = $1 AND user_id = $2",
            [.uuid(organization.uuid), .uuid(user.uuid)]
        )
        return try session.execute(
            "DELETE FROM member WHERE organization_id = $1 AND user_id = $2",
            [.uuid(organization.uuid), .uuid(user.uuid)]
        ) > 0
    }

    /// How many administrators there are besides `user`.
    public func otherAdministrators(than user: UserID, in organization: OrganizationID) throws -> Int {
        try session.count(
            "SELECT COUNT(*) FROM member WHERE organization_id = $1 AND user_id <> $2 AND role = 'administrator'",
            [.uuid(organization.uuid), .uuid(user.uuid)]
        )
    }

    /// Whether two users are members of one organization.
    public func shareOrganization(_ one: UserID, _ other: UserID) throws -> Bool {
        try session.first(
            """
            SELECT 1 FROM member AS a JOIN member AS b ON b.organization_id = a.organization_id
            WHERE a.user_id = $1 AND b.user_id = $2 LIMIT 1
            """,
            [.uuid(one.uuid), .uuid(other.uuid)]
        ) != nil
    }

    private static let select = """
        SELECT user_account.id, name, email, user_account.created_at, role, member.created_at
        FROM member JOIN user_account ON user_account.id = member.user_id
        """
}

extension Member {
    fileprivate init(row: SQLRow) throws {
        self.init(user: try User(row: row), role: try row.role(4), createdAt: try row.time(5))
    }
}
