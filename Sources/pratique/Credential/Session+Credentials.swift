import Sealing
import Server

extension Session {
    func credentials(of organization: ResourceID, kind: String? = nil) async throws -> APIClient.Listing<Credential> {
        let path = APIPath("organization", "\(organization)", "credentials", query: [("kind", kind)])
        return try await client.list(path, noun: "credentials")
    }

    func credentials(ofProject project: ResourceID) async throws -> APIClient.Listing<Credential> {
        try await client.list(APIPath("project", "\(project)", "credentials"), noun: "credentials")
    }

    /// The credential with this id or name, and the organization it belongs to.
    func credential(_ given: String) async throws -> (organization: ResourceID, found: Received<Credential>) {
        let organization = try await organization()
        if let id = ResourceID(given) {
            let path = APIPath("organization", "\(organization)", "credentials", "\(id)")
            return (organization, try await client.send(.get(path)).decoded())
        }
        return (organization, try Self.find(given, in: await credentials(of: organization)))
    }

    static func find(_ given: String, in listing: APIClient.Listing<Credential>) throws -> Received<Credential> {
        try NameMatch.find(
            given,
            in: listing.items,
            noun: "credential",
            id: { $0.value.id },
            name: { $0.value.name ?? "" }
        )
    }

    /// Where the API keeps one credential of a kind.
    func path(
        of credential: Credential,
        in organization: ResourceID,
        _ verb: String...,
        query: [(name: String, value: String?)] = []
    ) throws -> APIPath {
        let kind = try kind(of: credential).rawValue
        let parent = ["integrations", kind, "container-registry", "organization", "\(organization)", "credentials"]
        return APIPath(parent + ["\(credential.id)"] + verb, query: query)
    }

    func kind(of credential: Credential) throws -> RegistryKind {
        let given = credential.registryType ?? ""
        guard let kind = RegistryKind(rawValue: given) else {
            throw CommandFailure(
                "this version of pratique (\(Release.version)) does not know credentials of the kind \"\(given)\"",
                hint: "use a command line as new as the server"
            )
        }
        return kind
    }

    /// Stores a credential for the project of the command and prints what the server says of it.
    ///
    /// Everything that can be wrong without the secret is looked at before it is asked for.
    func store(
        _ kind: RegistryKind,
        _ fields: [String: String?],
        repositories: [String] = [],
        _ probe: ProbeOptions,
        secret source: SecretSource
    ) async throws {
        let organization = try await organization()
        let project = try await project()
        let secret = try source.read(label: kind.secretLabel, variables: ClientSettings.processVariables)
        var given = fields
        given["expiresAt"] = probe.time
        var body = JSONValue.fields(given)
            .adding("projectId", .string("\(project)"))
            .adding(kind.secretField, secret.jsonValue)
        if !repositories.isEmpty { body = body.adding("repositories", .strings(repositories)) }
        let path = APIPath(
            "integrations",
            kind.rawValue,
            "container-registry",
            "organization",
            "\(organization)",
            "credentials",
            query: probe.query
        )
        let answer = try await client.send(.create(path, body))
        if let note = answer.note { try console.note(note) }
        let stored: Received<Credential> = try answer.decoded()
        try show(stored.json, as: stored.value.table)
    }
}

extension Secret {
    /// The secret as a string of a request body. There it has to be in the clear; keep the value no longer than that.
    var jsonValue: JSONValue { .string(withBytes { String(decoding: $0, as: UTF8.self) }) }
}
