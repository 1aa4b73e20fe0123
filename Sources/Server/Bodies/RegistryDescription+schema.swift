import Registries
import Storage

extension RegistryDescription {
    /// The body of a store request.
    var storeSchema: JSON {
        Schema.object(
            [("projectId", Schema.uuid("Project to link this credential to"))]
                + fields.map { ($0.name, $0.inputSchema) }
                + [
                    ("description", Schema.description),
                    (
                        "name",
                        Schema.string(
                            "Display name; the \(nameField) when it is missing",
                            maximum: FieldRules.nameLimit
                        )
                    ),
                    ("expiresAt", Schema.expiresAt),
                ],
            optional: Set(fields.filter { !$0.isRequired }.map(\.name)).union(["description", "name", "expiresAt"])
        )
    }

    /// The body of a rotation: the secret fields, and when the new secret ends.
    var rotateSchema: JSON {
        Schema.object(
            secretFields.map { ($0.name, $0.inputSchema) } + [("expiresAt", Schema.expiresAt)],
            optional: Set(secretFields.filter { !$0.isRequired }.map(\.name)).union(["expiresAt"])
        )
    }

    /// What the contract documents for one credential; see ``Storage/Credential/documentedBody(isListItem:)``.
    func documentedProperties(isListItem: Bool = false) -> [(String, JSON)] {
        var properties = [("id", Schema.uuid("Credential"))] + documentedFields.map { ($0.name, $0.outputSchema) }
        if case .fixed(let url) = address, !isListItem {
            properties.append(("registryUrl", Schema.string("Registry URL", example: url)))
        }
        return properties + [("description", Schema.description), ("createdAt", Schema.time("When it was stored"))]
    }

    /// The answer to a store request: exactly the documented fields.
    var storedSchema: JSON { Schema.object(documentedProperties(), optional: ["description"]) }

    /// A credential as it is read: the documented fields and our additions.
    func readSchema(isListItem: Bool = false, withProjects: Bool) -> JSON {
        var properties =
            documentedProperties(isListItem: isListItem) + [
                ("registryType", Schema.registryKind), ("name", Schema.name("Display name")),
                ("version", Schema.integer("Version of the secret, counted from 1")),
                ("updatedAt", Schema.time("When it was last changed")),
            ] + Credential.stateProperties + optionalFields.map { ($0.name, $0.outputSchema) }
        if withProjects { properties.append(("projectIds", Schema.array(Schema.uuid("Project"), "Linked projects"))) }
        return Schema.object(properties, optional: Set(optionalFields.map(\.name)).union(["description"]))
    }

    /// A credential of any kind, as our own lists show it.
    static func flatSchema(withProjects: Bool) -> JSON {
        let kinds = all.flatMap { $0.publicFields.filter { $0.name != "registryUrl" } }
        var seen: Set<String> = []
        let fields = kinds.filter { seen.insert($0.name).inserted }.map { ($0.name, $0.outputSchema) }
        var properties: [(String, JSON)] =
            [
                ("id", Schema.uuid("Credential")), ("registryType", Schema.registryKind),
                ("name", Schema.name("Display name")), ("description", Schema.description),
                ("registryUrl", Schema.string("Registry URL")),
            ] + fields + [
                ("version", Schema.integer("Version of the secret, counted from 1")),
                ("createdAt", Schema.time("When it was stored")),
                ("updatedAt", Schema.time("When it was last changed")),
            ] + Credential.stateProperties
        if withProjects { properties.append(("projectIds", Schema.array(Schema.uuid("Project"), "Linked projects"))) }
        return Schema.object(properties, optional: Set(fields.map(\.0)).union(["description"]))
    }
}

extension Credential {
    /// What every read tells of how a credential is.
    fileprivate static let stateProperties: [(String, JSON)] = [
        ("expiresAt", Schema.time("When the secret ends, as the user said", nullable: true)),
        ("lastUsedAt", Schema.lastUsedAt), ("verification", VerificationSummary.schema),
    ]
}

extension RegistryField {
    fileprivate var inputSchema: JSON {
        switch rule {
        case .text: Schema.name(summary, example: example)
        case .url: Schema.string(summary, example: example, maximum: RegistryURL.lengthLimit, minimum: 1)
        case .repositories:
            // An array is the form to send; a text with commas is taken too.
            Schema.array(
                Schema.string("Repository", example: example, maximum: RepositoryNames.nameLimit),
                summary,
                maximum: RepositoryNames.countLimit
            )
        case .secret, .certificates, .privateKey:
            .object(
                Schema.string(summary, example: example, maximum: FieldRules.secretLimitInBytes, minimum: 1).members
                    + [JSON.Member(name: "format", value: "password"), JSON.Member(name: "writeOnly", value: true)]
            )
        }
    }

    fileprivate var outputSchema: JSON {
        if case .repositories = rule { return Schema.array(Schema.string("Repository", example: example), summary) }
        return Schema.string(summary, example: example)
    }
}
