import Foundation
import HTTPTypes
import Hummingbird
import Registries
import Storage
import Tenancy

/// Which projects may use a credential: read and replace the links, and store one credential for many projects at once.
struct CredentialLinkRoutes {
    /// More projects than this in one request are refused.
    static let projectLimit = 1_000

    private let tag = "Credentials"
    private let path =
        "/integrations/container-registry/organization/{organizationId}/credentials/{registryType}/{credentialId}/projects"

    func add(to api: inout APIRoutes) {
        addGet(to: &api)
        addPut(to: &api)
        addBulkApply(to: &api)
    }

    private var linksSchema: JSON {
        Schema.object([
            ("credentialId", Schema.uuid("Credential")),
            ("projectIds", Schema.array(Schema.uuid("Project"), "Every linked project")),
        ])
    }

    private func addGet(to api: inout APIRoutes) {
        api.add(
            Operation(
                method: .get,
                path: path,
                id: "getCredentialProjects",
                tag: tag,
                summary: "The projects linked to a credential",
                success: Operation.Success(status: .ok, description: "Links", schema: linksSchema)
            )
        ) { call in
            let (organization, id) = (try call.organizationID(), call.credentialID)
            return .json(
                try await call.read(.organization(organization, .read)) { session, _ in
                    let credential = try call.credential(id, kind: call.registryType(), in: organization, session)
                    return credential.linksBody(try CredentialLinkStore(session).projects(of: credential.id))
                }
            )
        }
    }

    private func addPut(to api: inout APIRoutes) {
        api.add(
            Operation(
                method: .put,
                path: path,
                id: "setCredentialProjects",
                tag: tag,
                summary: "Replace the projects linked to a credential",
                description: "An empty array unlinks it from every project.",
                body: Operation.Body(
                    schema: Schema.object([
                        ("projectIds", Schema.array(Schema.uuid("Project"), maximum: Self.projectLimit))
                    ])
                ),
                success: Operation.Success(status: .ok, description: "The new links", schema: linksSchema)
            )
        ) { call in
            let (organization, id) = (try call.organizationID(), call.credentialID)
            _ = try await call.read(.organization(organization, .manageIntegration)) { session, _ in
                try call.changeableCredential(id, kind: call.registryType(), in: organization, session)
            }
            var fields = try await call.fields()
            let projects = fields.ids("projectIds", limit: Self.projectLimit, as: ProjectID.self)
            if projects == nil, fields.errors.isEmpty { fields.complain("projectIds", "is required") }
            try fields.finish()
            let wanted = projects ?? []
            return .json(
                try await call.service.database.write { session in
                    let credential = try call.changeableCredential(
                        id,
                        kind: call.registryType(),
                        in: organization,
                        session
                    )
                    let store = ProjectStore(session)
                    let unknown = try wanted.filter { try !store.exists($0, in: organization) }
                    guard unknown.isEmpty else {
                        throw APIError.invalid(
                            unknown.map {
                                FieldError("projectIds", "names \($0), which is not a project of this organization")
                            }
                        )
                    }
                    try CredentialLinkStore(session).replace(credential, projects: wanted, at: Date())
                    return credential.linksBody(try CredentialLinkStore(session).projects(of: credential.id))
                }
            )
        }
    }

    private func addBulkApply(to api: inout APIRoutes) {
        api.add(
            Operation(
                method: .post,
                path: "/integrations/container-registry/organization/{organizationId}/bulk-apply",
                id: "bulkApplyCredential",
                tag: tag,
                summary: "Store a credential and link it to many projects",
                description: """
                    Stores one credential with the fields of its kind, or, when the organization has exactly one of this \
                    kind, name and public fields, rotates its secret; optional secret fields that are missing, such as a CA, \
                    keep their value then. Unknown and foreign projects are skipped and reported.
                    """,
                body: Operation.Body(schema: BulkApplyRequest.schema),
                success: Operation.Success(
                    status: .created,
                    description: "Stored and linked",
                    schema: Schema.object([
                        ("credentialId", Schema.uuid("Credential")),
                        ("applied", Schema.array(Schema.uuid("Project"), "Projects that are linked now")),
                        (
                            "skipped",
                            Schema.array(
                                Schema.object([
                                    ("projectId", Schema.string("As it was sent")), ("reason", Schema.string("Why")),
                                ])
                            )
                        ),
                    ]),
                    headers: [
                        "Location": "Where the credential is", "X-Pratique-Note": "What was corrected in the input",
                    ]
                ),
                isCreating: true
            )
        ) { call in
            let organization = try call.organizationID()
            let grant = try await call.authorize(.organization(organization, .manageIntegration))
            let body = try await call.jsonBody()
            let request = try BulkApplyRequest(body, plainHTTPHosts: call.service.plainHTTPHosts)
            let trace = call.context.trace
            var response = try await call.create(as: grant.principal, body: body) { session in
                try request.apply(in: organization, sealer: call.service.sealer, trace: trace, session)
            }
            if let id = trace.values.credential.flatMap({ CredentialID($0) }) {
                try call.afterStoring(id, of: organization, nil, &response)
            }
            if !request.input.notes.isEmpty {
                response.headers[.xPratiqueNote] = request.input.notes.joined(separator: "; ")
            }
            return response
        }
    }
}

extension Credential {
    fileprivate func linksBody(_ projects: [ProjectID]) -> JSON {
        ["credentialId": .id(id), "projectIds": .array(projects.map { .id($0) })]
    }
}

extension Call {
    /// The kind in the path; one that does not exist has no credentials.
    fileprivate func registryType() throws(APIError) -> RegistryKind {
        guard let kind = context.parameters.get("registryType").flatMap({ RegistryKind(named: $0) }) else {
            throw .credentialNotFound
        }
        return kind
    }
}
