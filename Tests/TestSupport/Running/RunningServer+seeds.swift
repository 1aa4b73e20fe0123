public import Foundation
public import Storage
public import Tenancy

/// Where the operations of one kind are.
public enum CredentialPath {
    /// The organization's credentials of `kind`.
    public static func collection(_ kind: String, _ organization: String) -> String {
        "/integrations/\(kind)/container-registry/organization/\(organization)/credentials"
    }

    /// The links of one credential.
    public static func links(_ kind: String, _ organization: String, _ id: String) -> String {
        "/integrations/container-registry/organization/\(organization)/credentials/\(kind)/\(id)/projects"
    }
}

extension RunningServer {
    /// The kinds that are stored here.
    public static let kinds = ["harbor", "dockerhub", "oci"]

    /// A right body for storing a credential of `kind`.
    public static func storeBody(_ kind: String, project: String, secret: String = "s3cret", label: String = "it")
        -> TestJSON
    {
        switch kind {
        case "harbor":
            [
                "projectId": .string(project), "harborUrl": "https://harbor.example.com",
                "harborProject": .string("p-\(label)"),
                "username": .string("robot$\(label)+deploy"), "password": .string(secret),
                "description": .string("d-\(label)"),
            ]
        case "dockerhub":
            [
                "projectId": .string(project), "dockerhubUsername": .string("hub-\(label)"),
                "accessToken": .string(secret),
                "description": .string("d-\(label)"),
            ]
        default:
            [
                "projectId": .string(project), "registryUrl": "https://registry.example.com",
                "username": .string("oci-\(label)"), "password": .string(secret), "description": .string("d-\(label)"),
            ]
        }
    }

    /// The body that rotates a credential of `kind`.
    public static func rotateBody(_ kind: String, secret: String) -> TestJSON {
        kind == "dockerhub" ? ["accessToken": .string(secret)] : ["password": .string(secret)]
    }

    /// Stores a credential and returns its id.
    public func store(
        _ kind: String,
        in organization: String? = nil,
        project: String? = nil,
        secret: String? = nil,
        label: String = "it"
    ) async throws -> String {
        let project = project ?? first.project
        let body =
            registries?.storeBody(kind, project: project, secret: secret ?? StubRegistries.secret, label: label)
            ?? RunningServer.storeBody(kind, project: project, secret: secret ?? "s3cret", label: label)
        let answer = try await admin.post(
            CredentialPath.collection(kind, organization ?? first.organization),
            body
        )
        return try answer.created()
    }

    /// Makes an organization whose first administrator is ours.
    public func makeOrganization(_ name: String) async throws -> String {
        try await admin.post("/organizations", ["name": .string(name)]).created()
    }

    /// Makes a project.
    public func makeProject(_ name: String, in organization: String? = nil) async throws -> String {
        try await admin.post("/organization/\(organization ?? first.organization)/project", ["name": .string(name)])
            .created()
    }

    /// Makes a user that is a member of an organization.
    public func makeMember(_ name: String, role: String, in organization: String? = nil) async throws -> String {
        let answer = try await admin.post(
            "/organization/\(organization ?? first.organization)/members",
            ["name": .string(name), "role": .string(role), "email": .string("\(name)@example.com")]
        )
        return try answer.created("userId")
    }

    /// Makes an API key of any kind for `user`, past the rules of the API: an expired one, or one that is bound to nothing.
    public func makeKey(
        for user: String,
        permissions: PermissionSet = .all,
        projects: [String]? = nil,
        organization: String? = nil,
        expiresAt: Date? = nil
    ) async throws -> String {
        let text = APIKeyText()
        let user = try UserID(user).found("user \(user)")
        let ids = try projects.map { try $0.map { try ProjectID($0).found("project \($0)") } }
        let key = APIKey(
            id: text.id,
            user: user,
            name: "made by a test",
            scope: APIKey.Scope(
                permissions: permissions,
                projects: ids.map { Set($0) },
                organization: organization.flatMap { OrganizationID($0) }
            ),
            createdAt: Date(),
            expiresAt: expiresAt,
            lastUsedAt: nil
        )
        try await withDatabase { database in
            try await database.write { session in try APIKeyStore(session).insert(key, hash: text.hash) }
        }
        return text.reveal()
    }

    /// Lends a second connection to the server's database.
    public func withDatabase<Result>(_ body: (SQLiteDatabase) async throws -> Result) async throws -> Result {
        let database = try SQLiteDatabase(path: dataDirectory + "/pratique.sqlite")
        do {
            let result = try await body(database)
            await database.close()
            return result
        } catch {
            await database.close()
            throw error
        }
    }

    /// Every row of every table as text, but for when a key was last used.
    public func contents() async throws -> [String] {
        try await withDatabase { database in
            try await database.read { session in
                let tables = try session.query(
                    "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY name",
                    []
                ).map { try $0.text(0) }
                return try tables.flatMap { table -> [String] in
                    let columns = try session.query("SELECT name FROM pragma_table_info('\(table)')", []).map {
                        try $0.text(0)
                    }
                    .filter { $0 != "last_used_at" }
                    return try session.query("SELECT \(columns.joined(separator: ", ")) FROM \(table)", [])
                        .map { "\(table): \($0.values)" }
                }.sorted()
            }
        }
    }
}

extension Answer {
    /// The id of what was created. Throws when it was not.
    public func created(_ member: String = "id") throws -> String {
        guard status == 201, let id = try json[member].string else {
            throw ContractViolation(description: "not created: \(self)")
        }
        return id
    }
}

extension Optional {
    /// The value, or an error that tells what is missing.
    public func found(_ what: String) throws -> Wrapped {
        guard let self else { throw ContractViolation(description: "there is no \(what)") }
        return self
    }
}
