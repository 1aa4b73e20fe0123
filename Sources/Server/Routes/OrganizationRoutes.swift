import Foundation
import HTTPTypes
import Hummingbird
import Registries
import Storage
import Tenancy

/// Organizations.
struct OrganizationRoutes {
    private let tag = "Organizations"
    private let path = "/organization/{organizationId}"

    func add(to api: inout APIRoutes) {
        addListAndCreate(to: &api)
        addGet(to: &api)
        addUpdate(to: &api)
        addDelete(to: &api)
    }

    private func addListAndCreate(to api: inout APIRoutes) {
        api.add(
            Operation(
                method: .get,
                path: "/organizations",
                id: "listOrganizations",
                tag: tag,
                summary: "The organizations that the caller is a member of",
                query: [.page, .pageSize],
                success: Operation.Success(
                    status: .ok,
                    description: "Organizations",
                    schema: Schema.page("organizations", of: Organization.schema),
                    headers: ["X-Total-Count": "Length of the whole list"]
                )
            )
        ) { call in
            let paging = try Paging(call.request)
            let listing = try await call.read(.user) { session, grant in
                try OrganizationStore(session)
                    .list(of: grant.principal.user, bound: grant.principal.scope.organization, page: paging.page)
                    .map { $0.organization.body(role: $0.role) }
            }
            return call.pagedList("organizations", listing, paging)
        }
        api.add(
            Operation(
                method: .post,
                path: "/organizations",
                id: "createOrganization",
                tag: tag,
                summary: "Create an organization",
                description: "The caller becomes its administrator. Needs a key that is not narrowed.",
                body: Operation.Body(schema: Schema.object([("name", Schema.name("Name"))])),
                success: Operation.Success(status: .created, description: "Created", schema: Organization.schema),
                isCreating: true
            )
        ) { call in
            let grant = try await call.authorize(.user)
            guard grant.principal.scope == .unlimited else { throw APIError.forbidden }
            let body = try await call.jsonBody()
            var fields = try RequestFields(body)
            let name = fields.text("name") ?? ""
            try fields.finish()
            return try await call.create(as: grant.principal, body: body) { session in
                let now = Date()
                let organization = Organization(id: OrganizationID(), name: name, createdAt: now, updatedAt: now)
                try OrganizationStore(session).insert(organization)
                try MemberStore(session).insert(
                    grant.principal.user,
                    in: organization.id,
                    role: .administrator,
                    at: now
                )
                return Created(
                    location: "/organization/\(organization.id)",
                    body: organization.body(role: .administrator)
                )
            }
        }
    }

    private func addGet(to api: inout APIRoutes) {
        api.add(
            Operation(
                method: .get,
                path: path,
                id: "getOrganization",
                tag: tag,
                summary: "One organization",
                success: Operation.Success(status: .ok, description: "The organization", schema: Organization.schema)
            )
        ) { call in
            let id = try call.organizationID()
            return .json(
                try await call.read(.member(id)) { session, grant in
                    guard let organization = try OrganizationStore(session).find(id), let role = grant.role else {
                        throw APIError.forbidden
                    }
                    return organization.body(role: role)
                }
            )
        }
    }

    private func addUpdate(to api: inout APIRoutes) {
        api.add(
            Operation(
                method: .patch,
                path: path,
                id: "updateOrganization",
                tag: tag,
                summary: "Rename an organization",
                body: Operation.Body(schema: Schema.object([("name", Schema.name("Name"))])),
                success: Operation.Success(status: .ok, description: "The organization", schema: Organization.schema)
            )
        ) { call in
            let id = try call.organizationID()
            let grant = try await call.authorize(.organization(id, .manageOrganization))
            var fields = try await call.fields()
            let name = fields.text("name") ?? ""
            try fields.finish()
            return .json(
                try await call.service.database.write { session in
                    try OrganizationStore(session).rename(id, to: name, at: Date())
                    guard let organization = try OrganizationStore(session).find(id), let role = grant.role else {
                        throw APIError.forbidden
                    }
                    return organization.body(role: role)
                }
            )
        }
    }

    private func addDelete(to api: inout APIRoutes) {
        api.add(
            Operation(
                method: .delete,
                path: path,
                id: "deleteOrganization",
                tag: tag,
                summary: "Delete an organization",
                description: "Its projects, members and credentials go with it, and every sealed secret is destroyed.",
                success: Operation.Success(status: .noContent, description: "Deleted")
            )
        ) { call in
            let id = try call.organizationID()
            _ = try await call.authorize(.organization(id, .manageOrganization))
            try await call.service.database.write { session in try OrganizationStore(session).delete(id) }
            return .noContent
        }
    }
}
