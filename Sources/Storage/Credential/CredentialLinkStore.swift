public import Foundation
import Registries
public import Tenancy

/// Which projects may use which credentials.
public struct CredentialLinkStore {
    private let session: any SQLSession

    /// The store on one connection.
    public init(_ session: any SQLSession) { self.session = session }

    /// Links a credential to a project of the same organization; does nothing when it is linked. Throws
    /// ``StorageError/Code/foreignKeyViolation`` for a project of another organization.
    public func insert(_ credential: Credential, project: ProjectID, at time: Date) throws {
        try session.execute(
            """
            INSERT INTO credential_project (project_id, kind, credential_id, organization_id, created_at)
            VALUES ($1, $2, $3, $4, $5) ON CONFLICT DO NOTHING
            """,
            [
                .uuid(project.uuid), .text(credential.kind.description), .uuid(credential.id.uuid),
                .uuid(credential.organization.uuid), .time(time),
            ]
        )
    }

    /// The projects that a credential is linked to, oldest project first.
    public func projects(of credential: CredentialID) throws -> [ProjectID] {
        try session.query(
            "SELECT project_id FROM credential_project WHERE credential_id = $1 ORDER BY project_id",
            [.uuid(credential.uuid)]
        ).map { ProjectID(try $0.uuid(0)) }
    }

    /// The projects of several credentials at once.
    public func projects(of credentials: [CredentialID]) throws -> [CredentialID: [ProjectID]] {
        guard !credentials.isEmpty else { return [:] }
        var conditions = SQLConditions()
        conditions.require("credential_id IN \(conditions.bind(all: credentials.map { .uuid($0.uuid) }))")
        let rows = try session.query(
            """
            SELECT credential_id, project_id FROM credential_project
            WHERE \(conditions.text) ORDER BY credential_id, project_id
            """,
            conditions.values
        )
        return try rows.reduce(into: [:]) { projects, row in
            projects[CredentialID(try row.uuid(0)), default: []].append(ProjectID(try row.uuid(1)))
        }
    }

    /// Replaces the whole set of a credential's projects.
    public func replace(_ credential: Credential, projects: [ProjectID], at time: Date) throws {
        let wanted = Set(projects)
        for project in try self.projects(of: credential.id) where !wanted.contains(project) {
            try session.execute(
                "DELETE FROM credential_project WHERE credential_id = $1 AND project_id = $2",
                [.uuid(credential.id.uuid), .uuid(project.uuid)]
            )
            try ScanStore(session).failScans(with: credential.id, in: project, .credentialUnlinked, at: time)
        }
        for project in projects { try insert(credential, project: project, at: time) }
    }
}
