import Foundation
import Registries
import Sealing
import Storage
import Tenancy

/// What a bulk-apply gives, after all rules: one credential of a kind, and the projects that it is for.
struct BulkApplyRequest: Sendable {
    let registry: RegistryDescription
    let projects: [String]
    let name: String
    let description: String?
    let input: CredentialInput
    /// When the secret ends, as the user says, else as what was pasted says.
    let expiresAt: Date?
    /// As they were sent, for a rotation to read against what is stored.
    private let fields: RequestFields

    /// Shows every kind's fields as optional, as the contract does: `registryType` decides which are required.
    static var schema: JSON {
        var seen: Set<String> = []
        let fields = RegistryDescription.all
            .flatMap { $0.storeSchema["properties"]?.members ?? [] }
            .filter { !["projectId", "name", "description"].contains($0.name) && seen.insert($0.name).inserted }
            .map { ($0.name, $0.value) }
        return Schema.object(
            [
                ("registryType", Schema.registryKind),
                (
                    "projectIds",
                    Schema.array(
                        Schema.string("Project"),
                        "Projects to link it to",
                        maximum: CredentialLinkRoutes.projectLimit
                    )
                ),
                ("name", Schema.name("Display name")), ("description", Schema.description),
            ] + fields,
            optional: Set(fields.map(\.0)).union(["description"])
        )
    }

    init(_ body: Data, plainHTTPHosts: Set<String>) throws(APIError) {
        var fields = try RequestFields(body)
        let kindName = fields.text("registryType")
        let registry = kindName.flatMap { RegistryKind(named: $0)?.registry }
        if kindName != nil, registry == nil { fields.complain("registryType", APIError.kindChoices) }
        let projects = fields.texts("projectIds", limit: CredentialLinkRoutes.projectLimit)
        if projects == nil, fields.value("projectIds") == .absent { fields.complain("projectIds", "is required") }
        let name = fields.text("name")
        description = fields.optionalText("description", limit: FieldRules.descriptionLimit)
        let input = registry.flatMap { fields.credentialInput(of: $0, plainHTTPHosts: plainHTTPHosts) }
        let expiresAt = fields.expiry()
        try fields.finish()
        guard let registry, let projects, let name, let input else {
            throw .internalError(cause: "a bulk-apply without complaints is incomplete")
        }
        self.expiresAt = fields.contains("expiresAt") ? expiresAt : input.expiresAt
        self.fields = fields
        self.registry = registry
        self.projects = projects
        self.name = name
        self.input = input
    }

    /// Stores or rotates, then links; all in one transaction.
    func apply(
        in organization: OrganizationID,
        sealer: CredentialSealer,
        trace: RequestTrace,
        _ session: any SQLSession
    ) throws -> Created {
        let credential = try storeOrRotate(in: organization, sealer: sealer, session)
        trace.note { $0.credential = credential.id.description }
        var applied: [JSON] = []
        var skipped: [JSON] = []
        var seen: Set<ProjectID> = []
        for text in projects {
            guard let project = ProjectID(text), try ProjectStore(session).exists(project, in: organization) else {
                skipped.append(["projectId": .string(text), "reason": "is not a project of this organization"])
                continue
            }
            guard seen.insert(project).inserted else { continue }
            try CredentialLinkStore(session).insert(credential, project: project, at: credential.updatedAt)
            applied.append(.id(project))
        }
        return Created(
            location: credential.location,
            body: ["credentialId": .id(credential.id), "applied": .array(applied), "skipped": .array(skipped)]
        )
    }

    private func storeOrRotate(
        in organization: OrganizationID,
        sealer: CredentialSealer,
        _ session: any SQLSession
    ) throws -> Credential {
        let store = CredentialStore(session)
        if let existing = try store.findOnly(named: name, kind: registry.kind, in: organization),
            existing.publicFields == input.publicFields
        {
            let secret = try rotatedSecret(of: existing, sealer: sealer, store)
            let (next, sealed) = try sealer.reseal(existing, secret: secret, expiresAt: expiresAt)
            guard try store.replaceSecret(of: next, with: sealed) else { throw APIError.rotatedMeanwhile }
            return next
        }
        let (credential, sealed) = try sealer.seal(
            input,
            kind: registry.kind,
            name: name,
            description: description,
            organization: organization,
            expiresAt: expiresAt
        )
        try store.insert(credential, sealed: sealed)
        return credential
    }

    /// The secret fields, those that the request leaves out as they are stored: a private CA outlives a new password here too.
    private func rotatedSecret(
        of existing: Credential,
        sealer: CredentialSealer,
        _ store: CredentialStore
    ) throws -> SecretBundle {
        guard let stored = try store.sealedSecret(of: existing.id, in: existing.organization) else {
            throw APIError.rotatedMeanwhile
        }
        var fields = fields
        let rotation = fields.rotationInput(of: existing, keeping: try sealer.open(existing, stored).secret)
        try fields.finish()
        guard let rotation else { throw APIError.internalError(cause: "a rotation without complaints has no secret") }
        return rotation.secret
    }
}
