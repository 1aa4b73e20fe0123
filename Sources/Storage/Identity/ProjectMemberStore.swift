public import Foundation
public import Tenancy

/// Users as members of projects. The schema lets only members of the organization in.
public struct ProjectMemberStore {
    private let session: any SQLSession

    /// The store on one connection.
    public init(_ session: any SQLSession) { self.session = session }

    /// Makes a user a member. Throws ``StorageError/Code/uniqueViolation`` when it is one, and
    /// ``StorageError/Code/foreignKeyViolation`` when it is not a member of the organization.
    public func insert(_ user: UserID, in project: Project, role: ProjectRole, at time: Date) throws {
        try session.execute(
            """
            INSERT INTO project_member (project_id, user_id, organization_id, role, created_at)
            VALUES ($1, $2, $3, $4, $5)
            """,
            [
                .uuid(project.id.uuid), .uuid(user.uuid), .uuid(project.organization.uuid), .text(role.rawValue),
                .time(time),
            ]
        )
    }

    /// The member, if the user is one.
    public func find(_ user: UserID, in project: ProjectID) throws -> ProjectMember? {
        try session.first(
            "\(ProjectMemberStore.select) WHERE project_id = $1 AND user_id = $2",
            [.uuid(project.uuid), .uuid(user.uuid)]
        ).map(ProjectMember.init(row:))
    }

    /// The members, oldest user first.
    public func list(in project: ProjectID, page: Page) throws -> Listing<ProjectMember> {
        Listing(
            items: try session.query(
                "\(ProjectMemberStore.select) WHERE project_id = $1 ORDER BY user_id LIMIT $2 OFFSET $3",
                [.uuid(project.uuid), page.limit, page.offset]
            ).map(ProjectMember.init(row:)),
            total: try session.count(
                "SELECT COUNT(*) FROM project_member WHERE project_id = $1",
                [.uuid(project.uuid)]
            )
        )
    }

    /// Changes a member's role; returns whether the user is a member.
    public func setRole(_ role: ProjectRole, of user: UserID, in project: ProjectID) throws -> Bool {
        try session.execute(
            "UPDATE project_member SET role = $1 WHERE project_id = $2 AND user_id = $3",
            [.text(role.rawValue), .uuid(project.uuid), .uuid(user.uuid)]
        ) > 0
    }

    /// Ends a membership; returns whether there was one.
    public func delete(_ user: UserID, from project: ProjectID) throws -> Bool {
        try session.execute(
            "DELETE FROM project_member WHERE project_id = $1 AND user_id = $2",
            [.uuid(project.uuid), .uuid(user.uuid)]
        ) > 0
    }

    private static let select = """
        SELECT user_account.id, name, email, user_account.created_at, role, project_member.created_at
        FROM project_member JOIN user_account ON user_account.id = project_member.user_id
        """
}

extension ProjectMember {
    fileprivate init(row: SQLRow) throws {
        self.init(user: try User(row: row), role: try row.role(4), createdAt: try row.time(5))
    }
}
