public import Foundation
public import Tenancy

/// API keys; the hash alone is kept.
public struct APIKeyStore {
    private let session: any SQLSession

    /// The store on one connection.
    public init(_ session: any SQLSession) { self.session = session }

    /// Adds a key.
    public func insert(_ key: APIKey, hash: [UInt8]) throws {
        try session.execute(
            """
            INSERT INTO api_key
                (id, user_id, organization_id, name, hash, permissions, narrowed_to_projects, created_at, expires_at)
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
            """,
            [
                .uuid(key.id.uuid), .uuid(key.user.uuid), .uuid(key.scope.organization?.uuid), .text(key.name),
                .bytes(hash),
                .integer(Int64(key.scope.permissions.rawValue)), .integer(key.scope.projects == nil ? 0 : 1),
                .time(key.createdAt), .time(key.expiresAt),
            ]
        )
        for project in key.scope.projects ?? [] {
            try session.execute(
                "INSERT INTO api_key_project (api_key_id, project_id) VALUES ($1, $2)",
                [.uuid(key.id.uuid), .uuid(project.uuid)]
            )
        }
    }

    /// The key `id` and its hash, if it exists; a revoked key does not.
    public func find(_ id: APIKeyID) throws -> (key: APIKey, hash: [UInt8])? {
        try session.first("\(APIKeyStore.select) WHERE id = $1", [.uuid(id.uuid)])
            .map { (try key(from: $0), try $0.bytes(9)) }
    }

    /// The keys of `user`, oldest first; only those bound to `bound`, if a key that asks is bound itself.
    public func list(of user: UserID, bound: OrganizationID?, page: Page) throws -> Listing<APIKey> {
        let condition = bound == nil ? "user_id = $1" : "user_id = $1 AND organization_id = $2"
        let values: [SQLValue] = [.uuid(user.uuid)] + (bound.map { [.uuid($0.uuid)] } ?? [])
        return Listing(
            items: try session.query(
                """
                \(APIKeyStore.select) WHERE \(condition) ORDER BY id
                LIMIT $\(values.count + 1) OFFSET $\(values.count + 2)
                """,
                values + [page.limit, page.offset]
            ).map(key(from:)),
            total: try session.count("SELECT COUNT(*) FROM api_key WHERE \(condition)", values)
        )
    }

    /// Revokes a key of `user`; returns whether there was one.
    public func delete(_ id: APIKeyID, of user: UserID) throws -> Bool {
        try session.execute(
            "DELETE FROM api_key WHERE id = $1 AND user_id = $2",
            [.uuid(id.uuid), .uuid(user.uuid)]
        ) > 0
    }

    /// Notes that a key was used.
    public func touch(_ id: APIKeyID, at time: Date) throws {
        try session.execute("UPDATE api_key SET last_used_at = $1 WHERE id = $2", [.time(time), .uuid(id.uuid)])
    }

    private func key(from row: SQLRow) throws -> APIKey {
        let id = APIKeyID(try row.uuid(0))
        let projects: Set<ProjectID>? =
            try row.integer(5) == 0
            ? nil
            : Set(
                session.query("SELECT project_id FROM api_key_project WHERE api_key_id = $1", [.uuid(id.uuid)])
                    .map { ProjectID(try $0.uuid(0)) }
            )
        return APIKey(
            id: id,
            user: UserID(try row.uuid(1)),
            name: try row.text(3),
            scope: APIKey.Scope(
                permissions: PermissionSet(rawValue: UInt8(truncatingIfNeeded: try row.integer(4))),
                projects: projects,
                organization: try row.optionalUUID(2).map { OrganizationID($0) }
            ),
            createdAt: try row.time(6),
            expiresAt: try row.optionalTime(7),
            lastUsedAt: try row.optionalTime(8)
        )
    }

    private static let select = """
        SELECT id, user_id, organization_id, name, permissions, narrowed_to_projects, created_at, expires_at,
            last_used_at, hash
        FROM api_key
        """
}
