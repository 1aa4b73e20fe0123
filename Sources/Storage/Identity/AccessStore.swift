public import Tenancy

/// What a user is, where.
public struct AccessStore {
    private let session: any SQLSession

    /// The store on one connection.
    public init(_ session: any SQLSession) { self.session = session }

    /// The user's role in an organization; nil when it is no member, or there is no such organization.
    public func role(of user: UserID, in organization: OrganizationID) throws -> OrganizationRole? {
        try session.first(
            "SELECT role FROM member WHERE organization_id = $1 AND user_id = $2",
            [.uuid(organization.uuid), .uuid(user.uuid)]
        )?.role(0)
    }

    /// A project with the user's roles in its organization and in itself; nil when there is no such project.
    public func project(_ id: ProjectID, for user: UserID) throws -> ProjectAccess? {
        try session.first(
            """
            SELECT project.organization_id, member.role, project_member.role
            FROM project
            LEFT JOIN member ON member.organization_id = project.organization_id AND member.user_id = $1
            LEFT JOIN project_member ON project_member.project_id = project.id AND project_member.user_id = $1
            WHERE project.id = $2
            """,
            [.uuid(user.uuid), .uuid(id.uuid)]
        ).map { row in
            ProjectAccess(
                organization: OrganizationID(try row.uuid(0)),
                role: row.values[1] == .null ? nil : try row.role(1),
                projectRole: row.values[2] == .null ? nil : try row.role(2)
            )
        }
    }

    /// A user's standing in a project.
    public struct ProjectAccess: Sendable {
        /// The project's organization.
        public let organization: OrganizationID
        /// The user's role there.
        public let role: OrganizationRole?
        /// The user's role in the project.
        public let projectRole: ProjectRole?
    }
}
