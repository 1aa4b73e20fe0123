import HTTPTypes
import Hummingbird
import Registries
import Storage
import Tenancy

/// The credentials of every kind together: the contract's grouped list and overview, and our own flat lists.
struct CredentialOverviewRoutes {
    /// The contract's kinds, in its order: a client finds each of them, with or without credentials.
    static let publishedKinds = ["gitlab", "dockerhub", "acr", "gcr", "ecr", "quay", "harbor", "jfrog", "scaleway"]

    private let tag = "Credentials"

    func add(to api: inout APIRoutes) {
        addGroupedList(to: &api)
        addOverview(to: &api)
        addFlatReads(to: &api)
    }

    private var groups: [String] {
        Self.publishedKinds
            + RegistryDescription.all.map(\.kind.description).filter { !Self.publishedKinds.contains($0) }
    }

    /// The member that carries a kind's own fields, for each kind.
    private var details: [(String, JSON)] {
        RegistryDescription.all.map { registry in
            let fields = registry.publicFields.filter { registry.details.fields.contains($0.name) }
            return (
                registry.details.member,
                Schema.object(fields.map { ($0.name, Schema.string($0.summary, example: $0.example)) })
            )
        }
    }

    private func addGroupedList(to api: inout APIRoutes) {
        let (groups, details) = (groups, details)
        let item = Schema.object(
            [
                ("id", Schema.uuid("Credential")), ("projectId", Schema.string("The oldest linked project, or empty")),
                ("linkedProjectIds", Schema.array(Schema.uuid("Project"))), ("name", Schema.name("Display name")),
                ("registryUrl", Schema.string("Registry URL")), ("description", Schema.description),
                ("createdAt", Schema.time("When it was stored")),
                ("expiresAt", Schema.time("When the secret ends, as the user said", nullable: true)),
                ("verification", VerificationSummary.schema),
            ] + details,
            optional: Set(details.map(\.0)).union(["description"])
        )
        let github: JSON = Schema.object([
            ("available", Schema.boolean("Whether GitHub Container Registry is available")),
            ("githubOwner", Schema.string("GitHub organization or user")),
        ])
        api.add(
            Operation(
                method: .get,
                path: "/integrations/container-registry/organization/{organizationId}/credentials",
                id: "listCredentialsByKind",
                tag: tag,
                summary: "All credentials of an organization, grouped by registry kind",
                query: [.page, .pageSize],
                success: Operation.Success(
                    status: .ok,
                    description: "Credentials, without secrets",
                    schema: Schema.object([("github", github)] + groups.map { ($0, Schema.array(item)) }),
                    headers: ["X-Total-Count": "How many credentials there are"]
                )
            )
        ) { call in
            let organization = try call.organizationID()
            let paging = try Paging(call.request, wholeByDefault: true)
            let (grouped, total) = try await call.read(.organization(organization, .read)) { session, _ in
                let listing = try CredentialStore(session).list(in: organization, kind: nil, page: paging.page)
                let projects = try CredentialLinkStore(session).projects(of: listing.items.map(\.id))
                let grouped = Dictionary(grouping: listing.items, by: \.kind.description).mapValues { items in
                    JSON.array(items.map { $0.overviewBody(projects: projects[$0.id] ?? []) })
                }
                return (grouped, listing.total)
            }
            let github: JSON = ["available": false, "githubOwner": ""]
            let body = JSON.object([("github", github)] + groups.map { ($0, grouped[$0] ?? []) })
            return call.page(body, total: total, paging)
        }
    }

    private func addOverview(to api: inout APIRoutes) {
        api.add(
            Operation(
                method: .get,
                path: "/organization/{organizationId}/integrations/overview",
                id: "getIntegrationOverview",
                tag: tag,
                summary: "How many credentials of which kind there are",
                success: Operation.Success(
                    status: .ok,
                    description: "Counts",
                    schema: Schema.object(
                        [
                            ("github", ["type": "object", "nullable": true]),
                            ("gitlab", ["type": "object", "nullable": true]),
                            (
                                "containerRegistry",
                                Schema.object([
                                    ("total", Schema.integer("All credentials")),
                                    (
                                        "byType",
                                        Schema.array(
                                            Schema.object([
                                                ("type", Schema.string("Registry kind")),
                                                ("count", Schema.integer("Credentials of that kind")),
                                            ])
                                        )
                                    ),
                                ])
                            ),
                        ]
                    )
                )
            )
        ) { call in
            let organization = try call.organizationID()
            let counts = try await call.read(.organization(organization, .read)) { session, _ in
                try CredentialStore(session).countByKind(in: organization)
            }
            let byType = counts.sorted { $0.key.description < $1.key.description }.map { kind, count -> JSON in
                ["type": .string(kind.description), "count": .integer(count)]
            }
            return .json([
                "github": .null, "gitlab": .null,
                "containerRegistry": ["total": .integer(counts.values.reduce(0, +)), "byType": .array(byType)],
            ])
        }
    }

    private func addFlatReads(to api: inout APIRoutes) {
        api.add(
            Operation(
                method: .get,
                path: "/organization/{organizationId}/credentials",
                id: "listOrganizationCredentials",
                tag: tag,
                summary: "All credentials of an organization in one list",
                query: [.kind, .page, .pageSize],
                success: Operation.Success(
                    status: .ok,
                    description: "Credentials, without secrets",
                    schema: Schema.page("credentials", of: RegistryDescription.flatSchema(withProjects: true)),
                    headers: ["X-Total-Count": "Length of the whole list"]
                )
            )
        ) { call in
            let organization = try call.organizationID()
            let (paging, kind) = (try Paging(call.request), try call.kindFilter())
            let listing = try await call.read(.organization(organization, .read)) { session, _ in
                let listing = try CredentialStore(session).list(in: organization, kind: kind, page: paging.page)
                let projects = try CredentialLinkStore(session).projects(of: listing.items.map(\.id))
                return listing.map { $0.flatBody(projects: projects[$0.id] ?? []) }
            }
            return call.pagedList("credentials", listing, paging)
        }
        api.add(
            Operation(
                method: .get,
                path: "/organization/{organizationId}/credentials/{credentialId}",
                id: "getCredential",
                tag: tag,
                summary: "One credential of any kind",
                success: Operation.Success(
                    status: .ok,
                    description: "The credential, without its secret",
                    schema: RegistryDescription.flatSchema(withProjects: true)
                )
            )
        ) { call in
            let (organization, id) = (try call.organizationID(), call.credentialID)
            return .json(
                try await call.read(.organization(organization, .read)) { session, _ in
                    let credential = try call.credential(id, kind: nil, in: organization, session)
                    return credential.flatBody(projects: try CredentialLinkStore(session).projects(of: credential.id))
                }
            )
        }
        api.add(
            Operation(
                method: .get,
                path: "/project/{projectId}/credentials",
                id: "listLinkedCredentials",
                tag: tag,
                summary: "The credentials of every kind that are linked to a project",
                query: [.kind, .page, .pageSize],
                success: Operation.Success(
                    status: .ok,
                    description: "Credentials, without secrets",
                    schema: Schema.page("credentials", of: RegistryDescription.flatSchema(withProjects: false)),
                    headers: ["X-Total-Count": "Length of the whole list"]
                )
            )
        ) { call in
            let project = try call.projectID()
            let (paging, kind) = (try Paging(call.request), try call.kindFilter())
            let listing = try await call.read(.project(project, .read)) { session, _ in
                try CredentialStore(session).list(linkedTo: project, kind: kind, page: paging.page)
                    .map { $0.flatBody(projects: nil) }
            }
            return call.pagedList("credentials", listing, paging)
        }
    }
}

extension Call {
    /// The query parameter `kind`. Throws 400 for a kind that does not exist.
    fileprivate func kindFilter() throws(APIError) -> RegistryKind? {
        guard let name = request.uri.queryParameters["kind"] else { return nil }
        guard let kind = RegistryKind(named: String(name)) else { throw .invalid("kind", APIError.kindChoices) }
        return kind
    }
}

extension APIError {
    /// What is wrong with a kind that does not exist.
    static let kindChoices =
        "must be one of: " + RegistryDescription.all.map(\.kind.description).joined(separator: ", ")
}
