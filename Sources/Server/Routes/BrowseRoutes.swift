import HTTPTypes
import Hummingbird
import Registries
import Storage
import Tenancy

/// What a registry holds, as a project's credential sees it; written once, added for every kind in its dialect.
struct BrowseRoutes {
    let registry: RegistryDescription

    private var kind: RegistryKind { registry.kind }
    private var dialect: BrowseDialect { registry.browse }
    private var bodies: BrowseBodies { BrowseBodies(dialect: registry.browse) }

    private var root: String {
        let project = "/integrations/\(kind)/container-registry/project/{projectId}"
        return dialect.credentialIsInPath ? "\(project)/credentials/{credentialId}" : project
    }

    /// What the answer of every list of a registry may tell beside its body.
    static let headers = Operation.pageHeaders.merging([
        "Age": "Seconds since the registry said so",
        "X-Registry-RateLimit-Limit": "Requests that the registry allows in its window",
        "X-Registry-RateLimit-Remaining": "How many of them are left",
        "X-Registry-RateLimit-Reset": "When its window ends",
    ]) { first, _ in first }

    func add(to api: inout APIRoutes) {
        if dialect.project?.isListed ?? false { addProjects(to: &api) }
        addImages(to: &api)
        addTags(to: &api)
    }

    private func operation(_ name: String, path: String, summary: String, schema: JSON) -> Operation {
        var query: [Operation.Parameter] = dialect.credentialIsInPath ? [] : [.credentialID]
        if let project = dialect.project, name != "listRegistryProjects" {
            query.append(.registryProject(project))
        }
        query += [.page, .pageSize]
        if name != "listRegistryProjects" { query.append(.include) }
        return Operation(
            method: .get,
            path: root + path,
            id: "\(kind)_\(name)",
            tag: registry.title,
            summary: summary,
            description: """
                The list is the registry's own, whole, whatever the size of its pages. A kept answer is told again for a short \
                while; `Age` tells how old it is.
                """,
            query: query,
            pathSchemas: [dialect.repositoryParameter: Schema.repository],
            success: Operation.Success(
                status: .ok,
                description: "A page of the list",
                schema: schema,
                headers: Self.headers
            ),
            errors: RegistryTrouble.statuses
        )
    }

    private func addProjects(to api: inout APIRoutes) {
        let (kind, dialect, bodies) = (kind, dialect, bodies)
        api.add(
            operation(
                "listRegistryProjects",
                path: "/projects",
                summary: "List the \(registry.title) projects that a credential can see",
                schema: bodies.projectsSchema
            )
        ) { call in
            let (asked, credential) = try await call.browsed(kind, dialect)
            let result = try await call.service.registries.registry(of: kind).projects(credential, page: asked.page)
            let items = JSON.array(result.items.map { bodies.body($0) })
            return call.browseResponse(asked.body("projects", items, total: result.total), result, asked.paging)
        }
    }

    private func addImages(to api: inout APIRoutes) {
        let (kind, dialect, bodies) = (kind, dialect, bodies)
        api.add(
            operation(
                "listImages",
                path: "/images",
                summary: "List the images of \(registry.title)",
                schema: bodies.imagesSchema
            )
        ) { call in
            let (asked, credential) = try await call.browsed(kind, dialect)
            let result = try await call.service.registries.registry(of: kind).images(
                credential,
                project: asked.project,
                page: asked.page,
                include: asked.include
            )
            let name = asked.project ?? dialect.project.flatMap { credential.publicFields[$0.field] }
            let items = JSON.array(result.items.map { bodies.body($0, project: name) })
            return call.browseResponse(asked.body("images", items, total: result.total), result, asked.paging)
        }
    }

    private func addTags(to api: inout APIRoutes) {
        let (kind, dialect, bodies) = (kind, dialect, bodies)
        api.add(
            operation(
                "listImageTags",
                path: "/images/{\(dialect.repositoryParameter)}/tags",
                summary: "List the tags of an image of \(registry.title)",
                schema: bodies.tagsSchema
            )
        ) { call in
            let (asked, credential) = try await call.browsed(kind, dialect)
            let repository = try call.repository(dialect.repositoryParameter)
            let result = try await call.service.registries.registry(of: kind).tags(
                credential,
                project: asked.project,
                repository: repository,
                page: asked.page,
                include: asked.include
            )
            let items = JSON.array(result.items.map { bodies.body($0) })
            let body: JSON = ["repository": .string(repository)]
            return call.browseResponse(
                body.adding(asked.body("tags", items, total: result.total)),
                result,
                asked.paging
            )
        }
    }
}

extension Call {
    /// What is asked for, and the credential of the project in the path that asks for it.
    fileprivate func browsed(
        _ kind: RegistryKind,
        _ dialect: BrowseDialect
    ) async throws -> (BrowseRequest, OpenedCredential) {
        let project = try projectID()
        let asked = try BrowseRequest(request, dialect: dialect)
        let id = dialect.credentialIsInPath ? credentialID : asked.credential
        return (asked, try await openedCredential(id, kind: kind, linkedTo: project))
    }
}

extension BrowseRequest {
    /// The body of the published lists: the items under `noun`, then where they stand in the whole.
    func body(_ noun: String, _ items: JSON, total: Int) -> JSON {
        .object([
            (noun, items), ("totalCount", .integer(total)), ("page", .integer(paging.page.number)),
            ("pageSize", .integer(paging.page.size)),
        ])
    }
}

extension Schema {
    /// A repository in a path.
    fileprivate static let repository = string(
        "Repository; its slashes percent-encoded, once or twice",
        example: "my-app",
        maximum: 1_024,
        minimum: 1
    )
}

extension Operation.Parameter {
    fileprivate static let credentialID = Operation.Parameter(
        name: "credentialId",
        description: "The credential to browse with",
        schema: Schema.uuid("Credential"),
        isRequired: true
    )

    fileprivate static let include = Operation.Parameter(
        name: "include",
        description: "`artifacts`: list signatures, attestations, SBOMs and charts too",
        schema: Schema.choice(["artifacts"], "What is listed beside images")
    )

    fileprivate static func registryProject(_ project: BrowseDialect.Project) -> Operation.Parameter {
        Operation.Parameter(
            name: project.parameter,
            description: "Another \(project.title) than the credential's own",
            schema: Schema.string(project.title, maximum: 255, minimum: 1)
        )
    }
}
