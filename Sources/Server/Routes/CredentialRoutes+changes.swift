import Foundation
import HTTPTypes
import Hummingbird
import Registries
import Sealing
import Storage
import Tenancy

extension CredentialRoutes {
    func addChanges(to api: inout APIRoutes) {
        addUpdate(to: &api)
        addRotate(to: &api)
        addDelete(to: &api)
    }

    private func addUpdate(to api: inout APIRoutes) {
        let kind = registry.kind
        api.add(
            Operation(
                method: .patch,
                path: item,
                id: operation("updateCredential"),
                tag: registry.title,
                summary: "Change the name, description or expiry of a \(registry.title) credential",
                description: """
                    A field that is missing stays as it is; a description or an expiry of null or blank is taken away.
                    """,
                body: Operation.Body(
                    schema: Schema.object(
                        [
                            ("name", Schema.name("Display name")), ("description", Schema.nullableDescription),
                            ("expiresAt", Schema.time("When the secret ends, if the user knows", nullable: true)),
                        ],
                        optional: ["name", "description", "expiresAt"]
                    )
                ),
                success: Operation.Success(
                    status: .ok,
                    description: "The credential, without its secret",
                    schema: registry.readSchema(withProjects: true)
                )
            )
        ) { call in
            let (organization, id) = (try call.organizationID(), call.credentialID)
            _ = try await call.read(.organization(organization, .manageIntegration)) { session, _ in
                try call.changeableCredential(id, kind: kind, in: organization, session)
            }
            var fields = try await call.fields()
            let name = fields.contains("name") ? fields.text("name") : nil
            let changesDescription = fields.contains("description")
            let description = fields.optionalText("description", limit: FieldRules.descriptionLimit)
            let changesExpiry = fields.contains("expiresAt")
            let expiresAt = fields.optionalTime("expiresAt")
            try fields.finish()
            return .json(
                try await call.service.database.write { session in
                    var credential = try call.changeableCredential(id, kind: kind, in: organization, session)
                    credential.name = name ?? credential.name
                    if changesDescription { credential.description = description }
                    if changesExpiry { credential.expiresAt = expiresAt }
                    credential.updatedAt = Date()
                    try CredentialStore(session).update(credential)
                    // Read again: the end that counts may have changed with the user's.
                    credential = try call.credential(id, kind: kind, in: organization, session)
                    if changesExpiry { try call.service.verifier.moveProbe(of: credential, session) }
                    let projects = try CredentialLinkStore(session).projects(of: credential.id)
                    return credential.documentedBody().adding(credential.additions(projects: projects))
                }
            )
        }
    }

    private func addRotate(to api: inout APIRoutes) {
        let registry = registry
        api.add(
            Operation(
                method: .post,
                path: "\(item)/rotate",
                id: operation("rotateCredential"),
                tag: registry.title,
                summary: "Replace the secret of a \(registry.title) credential",
                description: """
                    The version counts up by one; the id and the links stay. An optional field that is missing keeps its \
                    value. The expiry belongs to the secret: without `expiresAt` none is known of the new one.
                    """,
                query: [.verify],
                body: Operation.Body(schema: registry.rotateSchema),
                success: Operation.Success(
                    status: .ok,
                    description: "The credential with its new version",
                    schema: registry.readSchema(withProjects: true),
                    headers: [
                        "X-Pratique-Note": "What was corrected in the input"
                    ].merging(Operation.verificationHeader) { $1 }
                ),
                errors: [.conflict],
                isCreating: true
            )
        ) { call in
            let (organization, id) = (try call.organizationID(), call.credentialID)
            let (grant, current, stored) = try await call.read(.organization(organization, .manageIntegration)) {
                session,
                grant in
                let current = try call.changeableCredential(id, kind: registry.kind, in: organization, session)
                return (grant, current, try StoredSecret(of: current, session))
            }
            _ = try call.waitsForVerification()
            let body = try await call.jsonBody()
            let request = try RotateRequest(body, current, keeping: stored.opened(current, by: call.service.sealer))
            let (next, sealed) = try call.service.sealer.reseal(
                current,
                secret: request.input.secret,
                expiresAt: request.expiresAt
            )
            let record = try await call.verifyBeforeStoring(
                next,
                request.input.secret,
                pinnedRealm: stored.pinnedRealm,
                as: grant.principal
            )
            var response = try await call.create(as: grant.principal, body: body) { session in
                guard try CredentialStore(session).replaceSecret(of: next, with: sealed) else {
                    throw APIError.rotatedMeanwhile
                }
                if let record { try VerificationStore(session).recordChange(record) }
                let projects = try CredentialLinkStore(session).projects(of: next.id)
                let stored = try call.credential(next.id, kind: registry.kind, in: organization, session)
                return Created(status: .ok, body: stored.documentedBody().adding(stored.additions(projects: projects)))
            }
            if !request.input.notes.isEmpty {
                response.headers[.xPratiqueNote] = request.input.notes.joined(separator: "; ")
            }
            try call.afterStoring(next.id, of: organization, record, &response)
            return response
        }
    }

    private func addDelete(to api: inout APIRoutes) {
        let kind = registry.kind
        api.add(
            Operation(
                method: .delete,
                path: item,
                id: operation("deleteCredential"),
                tag: registry.title,
                summary: "Delete a \(registry.title) credential",
                description: "Its secret is destroyed and its links end.",
                success: Operation.Success(status: .noContent, description: "Deleted")
            )
        ) { call in
            let (organization, id) = (try call.organizationID(), call.credentialID)
            _ = try await call.authorize(.organization(organization, .manageIntegration))
            try await call.service.database.write { session in
                let credential = try call.changeableCredential(id, kind: kind, in: organization, session)
                _ = try CredentialStore(session).delete(credential.id, kind: kind, in: organization)
            }
            return .noContent
        }
    }
}

/// What a rotation begins from.
private struct StoredSecret: Sendable {
    /// The stored secret, where the kind has optional fields that a rotation may leave alone.
    let sealed: SealedSecret?
    let pinnedRealm: String?

    init(of credential: Credential, _ session: any SQLSession) throws {
        let keeps = credential.kind.registry.secretFields.contains { !$0.isRequired }
        let (id, organization) = (credential.id, credential.organization)
        sealed = keeps ? try CredentialStore(session).sealedSecret(of: id, in: organization) : nil
        pinnedRealm = try VerificationStore(session).pinnedRealm(of: id, in: organization)
    }

    func opened(_ credential: Credential, by sealer: CredentialSealer) throws -> SecretBundle? {
        try sealed.map { try sealer.open(credential, $0).secret }
    }
}

/// What a rotation gives, after all rules; every complaint is told together.
private struct RotateRequest: Sendable {
    let input: RotationInput
    /// When the new secret ends, as the user says, else as what was pasted says.
    let expiresAt: Date?

    init(_ body: Data, _ credential: Credential, keeping stored: SecretBundle?) throws(APIError) {
        var fields = try RequestFields(body)
        let input = fields.rotationInput(of: credential, keeping: stored)
        let expiresAt = fields.expiry()
        try fields.finish()
        guard let input else { throw .internalError(cause: "a rotation without complaints has no secret") }
        self.input = input
        self.expiresAt = fields.contains("expiresAt") ? expiresAt : input.expiresAt
    }
}

extension APIError {
    /// Somebody rotated or deleted the credential between our look and our write.
    static let rotatedMeanwhile = APIError(
        status: .conflict,
        code: .versionChanged,
        message: "the credential was rotated or deleted by another request at the same time; nothing was changed",
        hint: "Read it again and repeat the rotation if it is still wanted"
    )
}
