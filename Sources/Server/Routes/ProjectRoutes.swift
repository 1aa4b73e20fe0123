import Foundation
import HTTPTypes
import Hummingbird
import Registries
import Storage
import Tenancy

/// Projects.
struct ProjectRoutes {
    private let tag = "Projects"
    private let path = "/project/{projectId}"

    func add(to api: inout APIRoutes) {
        addList(to: &api)
        addCreate(to: &api)
        addGet(to: &api)
        addUpdate(to: &api)
        addDelete(to: &api)
    }

    private func addList(to api: inout APIRoutes) {
        api.add(
            Operation(
                method: .get,
                path: "/organization/{organizationId}/projects",
                id: "listProjects",
                tag: tag,
                summary: "The projects of an organization that the caller may see",
                query: [.page, .pageSize],
                success: Operation.Success(
                    status: .ok,
                    description: "Projects",
                    schema: Schema.page("projects", of: Project.schema),
                    headers: ["X-Total-Count": "Length of the whole list"]
                )
            )
        ) { call in
            let id = try call.organizationID()
            let paging = try Paging(call.request)
            let listing = try await call.read(.member(id)) { session, grant in
                guard grant.principal.scope.permissions.contains(.read) else { throw APIError.forbidden }
                let seesAll = grant.role?.permissions.contains(.read) ?? false
                return try ProjectStore(session).list(
                    in: id,
                    member: seesAll ? nil : grant.principal.user,
                    narrowed: grant.principal.scope.projects,
                    page: paging.page
                ).map(\.body)
            }
            return call.pagedList("projects", listing, paging)
        }
    }

    private static let inputSchema: [(String, JSON)] = [
        ("name", Schema.name("Name; no other project of the organization has it")),
        ("description", Schema.nullableDescription),
    ]

    private func addCreate(to api: inout APIRoutes) {
        api.add(
            Operation(
                method: .post,
                path: "/organization/{organizationId}/project",
                id: "createProject",
                tag: tag,
                summary: "Create a project",
                body: Operation.Body(schema: Schema.object(Self.inputSchema, optional: ["description"])),
                success: Operation.Success(status: .created, description: "Created", schema: Project.schema),
                isCreating: true
            )
        ) { call in
            let organization = try call.organizationID()
            let grant = try await call.authorize(.organization(organization, .manageProject))
            let body = try await call.jsonBody()
            var fields = try RequestFields(body)
            let name = fields.text("name") ?? ""
            let description = fields.optionalText("description", limit: FieldRules.descriptionLimit)
            try fields.finish()
            return try await call.create(as: grant.principal, body: body) { session in
                let now = Date()
                let project = Project(
                    id: ProjectID(),
                    organization: organization,
                    name: name,
                    description: description,
                    createdAt: now,
                    updatedAt: now
                )
                try namedOnce { try ProjectStore(session).insert(project) }
                return Created(location: "/project/\(project.id)", body: project.body)
            }
        }
    }

    private func addGet(to api: inout APIRoutes) {
        api.add(
            Operation(
                method: .get,
                path: path,
                id: "getProject",
                tag: tag,
                summary: "One project",
                success: Operation.Success(status: .ok, description: "The project", schema: Project.schema)
            )
        ) { call in
            let id = try call.projectID()
            return .json(
                try await call.read(.project(id, .read)) { session, _ in
                    guard let project = try ProjectStore(session).find(id) else { throw APIError.forbidden }
                    return project.body
                }
            )
        }
    }

    private func addUpdate(to api: inout APIRoutes) {
        api.add(
            Operation(
                method: .patch,
                path: path,
                id: "updateProject",
                tag: tag,
                summary: "Change the name or description of a project",
                description: "A field that is missing stays as it is; a description of null or blank is taken away.",
                body: Operation.Body(schema: Schema.object(Self.inputSchema, optional: ["name", "description"])),
                success: Operation.Success(status: .ok, description: "The project", schema: Project.schema),
                errors: [.conflict]
            )
        ) { call in
            let id = try call.projectID()
            _ = try await call.authorize(.project(id, .manageProject))
            var fields = try await call.fields()
            let name = fields.contains("name") ? fields.text("name") : nil
            let changesDescription = fields.contains("description")
            let description = fields.optionalText("description", limit: FieldRules.descriptionLimit)
            try fields.finish()
            return .json(
                try await call.service.database.write { session in
                    guard var project = try ProjectStore(session).find(id) else { throw APIError.forbidden }
                    project.name = name ?? project.name
                    if changesDescription { project.description = description }
                    project.updatedAt = Date()
                    let changed = project
                    try namedOnce { try ProjectStore(session).update(changed) }
                    return changed.body
                }
            )
        }
    }

    private func addDelete(to api: inout APIRoutes) {
        api.add(
            Operation(
                method: .delete,
                path: path,
                id: "deleteProject",
                tag: tag,
                summary: "Delete a project",
                description: "Its credentials are unlinked and stay in the organization.",
                success: Operation.Success(status: .noContent, description: "Deleted")
            )
        ) { call in
            let id = try call.projectID()
            _ = try await call.authorize(.project(id, .manageProject))
            try await call.service.database.write { session in try ProjectStore(session).delete(id) }
            return .noContent
        }
    }
}

/// Runs a write that fails when the name is taken, and says so.
private func namedOnce(_ write: () throws -> Void) throws {
    do {
        try write()
    } catch let error as StorageError where error.code == .uniqueViolation {
        throw APIError(
            status: .conflict,
            code: .nameTaken,
            message: "the organization has a project of this name",
            errors: [FieldError("name", "is taken")]
        )
    }
}
