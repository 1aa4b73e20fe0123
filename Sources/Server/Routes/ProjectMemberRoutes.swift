import Foundation
import HTTPTypes
import Hummingbird
import Storage
import Tenancy

/// The members of a project.
struct ProjectMemberRoutes {
    private let tag = "Projects"
    private let path = "/project/{projectId}/members"

    func add(to api: inout APIRoutes) {
        addList(to: &api)
        addMember(to: &api)
        addRole(to: &api)
        addDelete(to: &api)
    }

    private func addList(to api: inout APIRoutes) {
        api.add(
            Operation(
                method: .get,
                path: path,
                id: "listProjectMembers",
                tag: tag,
                summary: "The members of a project",
                query: [.page, .pageSize],
                success: Operation.Success(
                    status: .ok,
                    description: "Members",
                    schema: Schema.page("members", of: ProjectMember.schema),
                    headers: ["X-Total-Count": "Length of the whole list"]
                )
            )
        ) { call in
            let id = try call.projectID()
            let paging = try Paging(call.request)
            let listing = try await call.read(.project(id, .read)) { session, _ in
                try ProjectMemberStore(session).list(in: id, page: paging.page).map(\.body)
            }
            return call.pagedList("members", listing, paging)
        }
    }

    private static let inputSchema = Schema.object([
        ("userId", Schema.uuid("A member of the organization")), ("role", Schema.projectRole),
    ])

    private func addMember(to api: inout APIRoutes) {
        api.add(
            Operation(
                method: .post,
                path: path,
                id: "addProjectMember",
                tag: tag,
                summary: "Add a member to a project",
                body: Operation.Body(schema: Self.inputSchema),
                success: Operation.Success(status: .created, description: "Added", schema: ProjectMember.schema),
                isCreating: true
            )
        ) { call in
            let id = try call.projectID()
            let grant = try await call.authorize(.project(id, .manageProject))
            let body = try await call.jsonBody()
            let (user, role) = try Self.input(RequestFields(body))
            return try await call.create(as: grant.principal, body: body) { session in
                guard let project = try ProjectStore(session).find(id) else { throw APIError.forbidden }
                guard try MemberStore(session).find(user, in: project.organization) != nil else {
                    throw APIError.invalid("userId", "is not a member of the organization")
                }
                let members = ProjectMemberStore(session)
                guard try members.find(user, in: id) == nil else {
                    throw APIError(
                        status: .conflict,
                        code: .conflict,
                        message: "the user is a member of the project already"
                    )
                }
                try members.insert(user, in: project, role: role, at: Date())
                guard let member = try members.find(user, in: id) else { throw APIError.memberNotFound }
                return Created(body: member.body)
            }
        }
    }

    private func addRole(to api: inout APIRoutes) {
        api.add(
            Operation(
                method: .put,
                path: "/project/{projectId}/member/role",
                id: "setProjectMemberRole",
                tag: tag,
                summary: "Change a member's role in a project",
                body: Operation.Body(schema: Self.inputSchema),
                success: Operation.Success(status: .ok, description: "The member", schema: ProjectMember.schema),
                errors: [.notFound]
            )
        ) { call in
            let id = try call.projectID()
            _ = try await call.authorize(.project(id, .manageProject))
            let (user, role) = try Self.input(await call.fields())
            return .json(
                try await call.service.database.write { session in
                    let members = ProjectMemberStore(session)
                    guard
                        try members.setRole(role, of: user, in: id),
                        let member = try members.find(user, in: id)
                    else { throw APIError.memberNotFound }
                    return member.body
                }
            )
        }
    }

    private func addDelete(to api: inout APIRoutes) {
        api.add(
            Operation(
                method: .delete,
                path: "\(path)/{userId}",
                id: "removeProjectMember",
                tag: tag,
                summary: "Remove a member from a project",
                success: Operation.Success(status: .noContent, description: "Removed")
            )
        ) { call in
            let (id, user) = (try call.projectID(), call.userID)
            _ = try await call.authorize(.project(id, .manageProject))
            try await call.service.database.write { session in
                guard let user, try ProjectMemberStore(session).delete(user, from: id) else {
                    throw APIError.memberNotFound
                }
            }
            return .noContent
        }
    }

    private static func input(_ given: RequestFields) throws(APIError) -> (user: UserID, role: ProjectRole) {
        var fields = given
        let user: UserID? = fields.id("userId")
        let role: ProjectRole? = fields.choice("role")
        try fields.finish()
        guard let user, let role else { throw .internalError(cause: "a member without complaints is incomplete") }
        return (user, role)
    }
}
