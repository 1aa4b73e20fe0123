public import Foundation
public import Registries
public import Sealing
public import Tenancy

/// Credentials and their sealed secrets. Every operation names the organization or the project that it is done for, so that
/// another tenant's id finds nothing.
public struct CredentialStore {
    private let session: any SQLSession

    /// The store on one connection.
    public init(_ session: any SQLSession) { self.session = session }

    /// Adds a credential with its sealed secret.
    public func insert(_ credential: Credential, sealed: SealedSecret) throws {
        try session.execute(
            """
            INSERT INTO credential (id, organization_id, kind, name, description, public_fields, version, root_key_id,
                sealed, created_at, updated_at, expires_at)
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
            """,
            [
                .uuid(credential.id.uuid), .uuid(credential.organization.uuid), .text(credential.kind.description),
                .text(credential.name), .text(credential.description), .text(credential.encodedPublicFields),
                .integer(credential.version), .text(sealed.rootKey.description), .bytes(sealed.stored),
                .time(credential.createdAt), .time(credential.updatedAt), .time(credential.expiresAt),
            ]
        )
    }

    /// A credential of `organization`, of `kind` if that is given.
    public func find(
        _ id: CredentialID,
        kind: RegistryKind?,
        in organization: OrganizationID
    ) throws -> Credential? {
        let credential = try session.first(
            """
            SELECT \(Credential.columns) FROM credential \(Credential.joins)
            WHERE credential.id = $1 AND credential.organization_id = $2
            """,
            [.uuid(id.uuid), .uuid(organization.uuid)]
        ).map(Credential.init(row:))
        return kind == nil || credential?.kind == kind ? credential : nil
    }

    /// A credential that is linked to `project`, of `kind`.
    public func find(_ id: CredentialID, kind: RegistryKind, linkedTo project: ProjectID) throws -> Credential? {
        try session.first(
            """
            SELECT \(Credential.columns) FROM credential_project
            JOIN credential ON credential.id = credential_project.credential_id \(Credential.joins)
            WHERE credential_project.project_id = $1 AND credential_project.kind = $2
                AND credential_project.credential_id = $3
            """,
            [.uuid(project.uuid), .text(kind.description), .uuid(id.uuid)]
        ).map(Credential.init(row:))
    }

    /// The sealed secret of a credential of `organization`.
    public func sealedSecret(of id: CredentialID, in organization: OrganizationID) throws -> SealedSecret? {
        try session.first(
            "SELECT sealed FROM credential WHERE id = $1 AND organization_id = $2",
            [.uuid(id.uuid), .uuid(organization.uuid)]
        ).map { try SealedSecret(stored: $0.bytes(0)) }
    }

    /// The credentials of `organization`, of `kind` if that is given; by kind, and in each the oldest first.
    public func list(
        in organization: OrganizationID,
        kind: RegistryKind?,
        page: Page
    ) throws -> Listing<Credential> {
        let condition =
            kind == nil ? "credential.organization_id = $1" : "credential.organization_id = $1 AND kind = $2"
        let values: [SQLValue] = [.uuid(organization.uuid)] + (kind.map { [.text($0.description)] } ?? [])
        return Listing(
            items: try session.query(
                """
                SELECT \(Credential.columns) FROM credential \(Credential.joins) WHERE \(condition) ORDER BY kind, id
                LIMIT $\(values.count + 1) OFFSET $\(values.count + 2)
                """,
                values + [page.limit, page.offset]
            ).map(Credential.init(row:)),
            total: try session.count("SELECT COUNT(*) FROM credential WHERE \(condition)", values)
        )
    }

    /// The credentials that are linked to `project`, of `kind` if that is given; ordered as ``list(in:kind:page:)`` does.
    public func list(linkedTo project: ProjectID, kind: RegistryKind?, page: Page) throws -> Listing<Credential> {
        let condition = "project_id = $1" + (kind == nil ? "" : " AND credential_project.kind = $2")
        let values: [SQLValue] = [.uuid(project.uuid)] + (kind.map { [.text($0.description)] } ?? [])
        return Listing(
            items: try session.query(
                """
                SELECT \(Credential.columns) FROM credential_project
                JOIN credential ON credential.id = credential_project.credential_id \(Credential.joins)
                WHERE \(condition) ORDER BY credential_project.kind, credential_project.credential_id
                LIMIT $\(values.count + 1) OFFSET $\(values.count + 2)
                """,
                values + [page.limit, page.offset]
            ).map(Credential.init(row:)),
            total: try session.count("SELECT COUNT(*) FROM credential_project WHERE \(condition)", values)
        )
    }

    /// The one credential of `organization` with this kind and name, if there is exactly one.
    public func findOnly(named name: String, kind: RegistryKind, in organization: OrganizationID) throws -> Credential?
    {
        let found = try session.query(
            """
            SELECT \(Credential.columns) FROM credential \(Credential.joins)
            WHERE credential.organization_id = $1 AND kind = $2 AND name = $3 ORDER BY id LIMIT 2
            """,
            [.uuid(organization.uuid), .text(kind.description), .text(name)]
        ).map(Credential.init(row:))
        return found.count == 1 ? found.first : nil
    }

    /// Writes a credential's name, description and user-given expiry.
    public func update(_ credential: Credential) throws {
        try session.execute(
            """
            UPDATE credential SET name = $1, description = $2, expires_at = $3, updated_at = $4
            WHERE id = $5 AND organization_id = $6
            """,
            [
                .text(credential.name), .text(credential.description), .time(credential.expiresAt),
                .time(credential.updatedAt),
                .uuid(credential.id.uuid), .uuid(credential.organization.uuid),
            ]
        )
    }

    /// Replaces a secret and its user-given expiry: `credential` carries the new version. Returns false when the stored version is not the one before,
    /// and changes nothing then.
    public func replaceSecret(of credential: Credential, with sealed: SealedSecret) throws -> Bool {
        try session.execute(
            """
            UPDATE credential SET version = $1, root_key_id = $2, sealed = $3, updated_at = $4, expires_at = $5
            WHERE id = $6 AND organization_id = $7 AND version = $8
            """,
            [
                .integer(credential.version), .text(sealed.rootKey.description), .bytes(sealed.stored),
                .time(credential.updatedAt), .time(credential.expiresAt), .uuid(credential.id.uuid),
                .uuid(credential.organization.uuid), .integer(credential.version - 1),
            ]
        ) > 0
    }

    /// Notes that a credential was used for somebody.
    public func touch(_ id: CredentialID, at time: Date) throws {
        try session.execute("UPDATE credential SET last_used_at = $1 WHERE id = $2", [.time(time), .uuid(id.uuid)])
    }

    /// Deletes a credential with its links and its secret; returns whether there was one.
    public func delete(_ id: CredentialID, kind: RegistryKind, in organization: OrganizationID) throws -> Bool {
        guard try find(id, kind: kind, in: organization) != nil else { return false }
        try ScanStore(session).failScans(with: id, .credentialDeleted, at: Date())
        return try session.execute(
            "DELETE FROM credential WHERE id = $1 AND organization_id = $2 AND kind = $3",
            [.uuid(id.uuid), .uuid(organization.uuid), .text(kind.description)]
        ) > 0
    }

    /// How many credentials of each kind `organization` has.
    public func countByKind(in organization: OrganizationID) throws -> [RegistryKind: Int] {
        let rows = try session.query(
            "SELECT kind, COUNT(*) FROM credential WHERE organization_id = $1 GROUP BY kind",
            [.uuid(organization.uuid)]
        )
        return try rows.reduce(into: [:]) { counts, row in
            if let kind = RegistryKind(named: try row.text(0)) { counts[kind] = Int(try row.integer(1)) }
        }
    }
}
