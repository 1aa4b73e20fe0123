import Foundation
public import Tenancy

/// Projects.
public struct ProjectStore {
    private let session: any SQLSession

    /// The store on one connection.
    public init(_ session: any SQLSession) { self.session = session }

    /// Adds a project. Throws ``StorageError/Code/uniqueViolation`` when the organization has one of this name.
    public func insert(_ project: Project) throws {
        try session.execute(
            """
            INSERT INTO project (id, organization_id, name, description, created_at, updated_at)
            VALUES ($1, $2, $3, $4, $5, $6)
            """,
            [
                .uuid(project.id.uuid), .uuid(project.organization.uuid), .text(project.name),
                .text(project.description),
                .time(project.createdAt), .time(project.updatedAt),
            ]
        )
    }

    /// The project `id`, if it exists.
    public func find(_ id: ProjectID) throws -> Project? {
        try session.first("\(ProjectStore.select) WHERE id = $1", [.uuid(id.uuid)]).map(Project.init(row:))
    }

    /// Whether `id` is a project of `organization`.
    public func exists(_ id: ProjectID, in organization: OrganizationID) throws -> Bool {
        try session.first(
            "SELECT 1 FROM project WHERE organization_id = $1 AND id = $2",
            [.uuid(organization.uuid), .uuid(id.uuid)]
        ) != nil
    }

    /// The projects of `organization`, oldest first: all of them, or those that `member` is in, and of these only `narrowed`
    /// where a key is narrowed.
    public func list(
        in organization: OrganizationID,
        member: UserID?,
        narrowed: Set<ProjectID>?,
        page: Page
    ) throws -> Listing<Project> {
        var conditions = SQLConditions()
        conditions.require("organization_id = \(conditions.bind(.uuid(organization.uuid)))")
        if let member {
            let user = conditions.bind(.uuid(member.uuid))
            conditions.require("id IN (SELECT project_id FROM project_member WHERE user_id = \(user))")
        }
        conditions.require(narrowed, "id")
        let total = try session.count("SELECT COUNT(*) FROM project WHERE \(conditions.text)", conditions.values)
        let (text, limit) = (conditions.text, conditions.limit(page))
        let items = try session.query(
            "\(ProjectStore.select) WHERE \(text) ORDER BY id \(limit)",
            conditions.values
        ).map(Project.init(row:))
        return Listing(items: items, total: total)
    }

    /// The projects of `organization` that `user` has a role in.
    public func identifiers(of user: UserID, in organization: OrganizationID) throws -> Set<ProjectID> {
        let rows = try session.query(
            """
            SELECT id FROM project
            WHERE organization_id = $1 AND id IN (SELECT project_id FROM project_member WHERE user_id = $2)
            """,
            [.uuid(organization.uuid), .uuid(user.uuid)]
        )
        return Set(try rows.map { ProjectID(try $0.uuid(0)) })
    }

    /// Writes a project's name and description. Throws ``StorageError/Code/uniqueViolation`` as ``insert(_:)`` does.
    public func update(_ project: Project) throws {
        try session.execute(
            "UPDATE project SET name = $1, description = $2, updated_at = $3 WHERE id = $4",
            [.text(project.name), .text(project.description), .time(project.updatedAt), .uuid(project.id.uuid)]
        )
    }

    /// Deletes a project with its members and links; credentials stay.
    public func delete(_ id: ProjectID) throws {
        try session.execute("DELETE FROM project WHERE id = $1", [.uuid(id.uuid)])
    }

    private static let select = "SELECT id, organization_id, name, description, created_at, updated_at FROM project"
}

extension Project {
    fileprivate init(row: SQLRow) throws {
        self.init(
            id: ProjectID(try row.uuid(0)),
            organization: OrganizationID(try row.uuid(1)),
            name: try row.text(2),
            description: try row.optionalText(3),
            createdAt: try row.time(4),
            updatedAt: try row.time(5)
        )
    }
}
