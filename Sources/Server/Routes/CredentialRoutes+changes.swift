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
                summary: "Change the name or description of a \(registry.title) credential",
                description: "A field that is missing stays as it is; a description of null or blank is taken away.",
                body: Operation.Body(
                    schema: Schema.object(
                        [("name", Schema.name("Display name")), ("description", Schema.nullableDescription)],
                        optional: ["name", "description"]
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
            try fields.finish()
            return .json(
                try await call.service.database.write { session in
                    var credential = try call.changeableCredential(id, kind: kind, in: organization, session)
                    credential.name = name ?? credential.name
                    if changesDescription { credential.description = description }
                    credential.updatedAt = Date()
                    try CredentialStore(session).update(credential)
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
                description: "The version counts up by one; the id and the links stay.",
                body: Operation.Body(schema: registry.rotateSchema),
                success: Operation.Success(
                    status: .ok,
                    description: "The credential with its new version",
                    schema: registry.readSchema(withProjects: true)
                ),
                errors: [.conflict],
                isCreating: true
            )
        ) { call in
            let (organization, id) = (try call.organizationID(), call.credentialID)
            let (grant, current) = try await call.read(.organization(organization, .manageIntegration)) {
                session,
                grant in
                (grant, try call.changeableCredential(id, kind: registry.kind, in: organization, session))
            }
            let body = try await call.jsonBody()
            var fields = try RequestFields(body)
            let secret = fields.secretInput(of: registry)
            try fields.finish()
            guard let secret else { throw APIError.internalError(cause: "a rotation without complaints has no secret") }
            let (next, sealed) = try call.service.sealer.reseal(current, secret: secret)
            return try await call.create(as: grant.principal, body: body) { session in
                guard try CredentialStore(session).replaceSecret(of: next, with: sealed) else {
                    throw APIError.rotatedMeanwhile
                }
                let projects = try CredentialLinkStore(session).projects(of: next.id)
                return Created(status: .ok, body: next.documentedBody().adding(next.additions(projects: projects)))
            }
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

extension APIError {
    /// Somebody rotated or deleted the credential between our look and our write.
    static let rotatedMeanwhile = APIError(
        status: .conflict,
        code: .versionChanged,
        message: "the credential was rotated or deleted by another request at the same time; nothing was changed",
        hint: "Read it again and repeat the rotation if it is still wanted"
    )
}
