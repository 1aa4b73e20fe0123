import Foundation
import HTTPTypes
import Hummingbird
import Registries
import Sealing
import Storage
import Tenancy

/// The operations on the credentials of one registry kind; written once, added for every kind.
struct CredentialRoutes {
    let registry: RegistryDescription

    private var kind: RegistryKind { registry.kind }
    private var root: String { "/integrations/\(kind)/container-registry" }
    private var collection: String { "\(root)/organization/{organizationId}/credentials" }
    var item: String { "\(collection)/{credentialId}" }
    private var projectCollection: String { "\(root)/project/{projectId}/credentials" }

    func add(to api: inout APIRoutes) {
        addStore(to: &api)
        addReads(to: &api)
        addProjectReads(to: &api)
        addChanges(to: &api)
    }

    func operation(_ name: String) -> String { "\(kind)_\(name)" }

    private func addStore(to api: inout APIRoutes) {
        let registry = registry
        api.add(
            Operation(
                method: .post,
                path: collection,
                id: operation("storeCredential"),
                tag: registry.title,
                summary: "Store \(registry.title) credentials",
                description:
                    "Seals the secret, and links the credential to the project. The secret is never shown again.",
                query: [.verify],
                body: Operation.Body(schema: registry.storeSchema),
                success: Operation.Success(
                    status: .created,
                    description: "Stored",
                    schema: registry.storedSchema,
                    headers: [
                        "Location": "Where the credential is", "X-Pratique-Note": "What was corrected in the input",
                    ].merging(Operation.verificationHeader) { $1 }
                ),
                isCreating: true
            )
        ) { call in
            let organization = try call.organizationID()
            let grant = try await call.authorize(.organization(organization, .manageIntegration))
            _ = try call.waitsForVerification()
            let body = try await call.jsonBody()
            let request = try StoreRequest(body, registry: registry, plainHTTPHosts: call.service.plainHTTPHosts)
            let (credential, sealed) = try call.service.sealer.seal(
                request.input,
                kind: registry.kind,
                name: request.name,
                description: request.description,
                organization: organization,
                expiresAt: request.expiresAt
            )
            let record = try await call.verifyBeforeStoring(credential, request.input.secret, as: grant.principal)
            let context = call.context
            var response = try await call.create(as: grant.principal, body: body) { session in
                guard try ProjectStore(session).exists(request.project, in: organization) else {
                    throw APIError.invalid("projectId", "is not a project of this organization")
                }
                try CredentialStore(session).insert(credential, sealed: sealed)
                try CredentialLinkStore(session).insert(credential, project: request.project, at: credential.createdAt)
                if let record { try VerificationStore(session).recordChange(record) }
                context.trace.note { $0.credential = credential.id.description }
                return Created(location: credential.location, body: credential.documentedBody())
            }
            if !request.input.notes.isEmpty {
                response.headers[.xPratiqueNote] = request.input.notes.joined(separator: "; ")
            }
            try call.afterStoring(credential.id, of: organization, record, &response)
            return response
        }
    }

    private func addReads(to api: inout APIRoutes) {
        let kind = kind
        api.add(
            Operation(
                method: .get,
                path: collection,
                id: operation("listOrganizationCredentials"),
                tag: registry.title,
                summary: "List the organization's \(registry.title) credentials",
                query: [.page, .pageSize],
                success: Operation.Success(
                    status: .ok,
                    description: "Credentials, without secrets",
                    schema: Schema.array(registry.readSchema(isListItem: true, withProjects: true)),
                    headers: ["X-Total-Count": "Length of the whole list"]
                )
            )
        ) { call in
            let organization = try call.organizationID()
            let paging = try Paging(call.request, wholeByDefault: true)
            let listing = try await call.read(.organization(organization, .read)) { session, _ in
                let listing = try CredentialStore(session).list(in: organization, kind: kind, page: paging.page)
                let projects = try CredentialLinkStore(session).projects(of: listing.items.map(\.id))
                return listing.map {
                    $0.documentedBody(isListItem: true).adding($0.additions(projects: projects[$0.id] ?? []))
                }
            }
            return call.plainList(listing, paging)
        }
        api.add(
            Operation(
                method: .get,
                path: item,
                id: operation("getOrganizationCredential"),
                tag: registry.title,
                summary: "Get one \(registry.title) credential of the organization",
                success: Operation.Success(
                    status: .ok,
                    description: "The credential, without its secret",
                    schema: registry.readSchema(withProjects: true)
                )
            )
        ) { call in
            let (organization, id) = (try call.organizationID(), call.credentialID)
            return .json(
                try await call.read(.organization(organization, .read)) { session, _ in
                    let credential = try call.credential(id, kind: kind, in: organization, session)
                    let projects = try CredentialLinkStore(session).projects(of: credential.id)
                    return credential.documentedBody().adding(credential.additions(projects: projects))
                }
            )
        }
    }

    private func addProjectReads(to api: inout APIRoutes) {
        let kind = kind
        api.add(
            Operation(
                method: .get,
                path: projectCollection,
                id: operation("listProjectCredentials"),
                tag: registry.title,
                summary: "List the \(registry.title) credentials linked to a project",
                query: [.page, .pageSize],
                success: Operation.Success(
                    status: .ok,
                    description: "Credentials, without secrets",
                    schema: Schema.array(registry.readSchema(isListItem: true, withProjects: false)),
                    headers: ["X-Total-Count": "Length of the whole list"]
                )
            )
        ) { call in
            let project = try call.projectID()
            let paging = try Paging(call.request, wholeByDefault: true)
            let listing = try await call.read(.project(project, .read)) { session, _ in
                try CredentialStore(session).list(linkedTo: project, kind: kind, page: paging.page)
                    .map { $0.documentedBody(isListItem: true).adding($0.additions(projects: nil)) }
            }
            return call.plainList(listing, paging)
        }
        api.add(
            Operation(
                method: .get,
                path: "\(projectCollection)/{credentialId}",
                id: operation("getProjectCredential"),
                tag: registry.title,
                summary: "Get one \(registry.title) credential linked to a project",
                success: Operation.Success(
                    status: .ok,
                    description: "The credential, without its secret",
                    schema: registry.readSchema(withProjects: false)
                )
            )
        ) { call in
            let (project, id) = (try call.projectID(), call.credentialID)
            return .json(
                try await call.read(.project(project, .read)) { session, grant in
                    let credential = try call.linkedCredential(id, kind: kind, to: project, grant, session)
                    return credential.documentedBody().adding(credential.additions(projects: nil))
                }
            )
        }
    }
}
