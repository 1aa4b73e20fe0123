import Foundation
import HTTPTypes
import Hummingbird
import Registries
import Storage
import Tenancy

/// The members of an organization.
struct MemberRoutes {
    private let tag = "Members"
    private let path = "/organization/{organizationId}/members"

    func add(to api: inout APIRoutes) {
        addList(to: &api)
        addMember(to: &api)
        addRole(to: &api)
        addDelete(to: &api)
        addKey(to: &api)
    }

    private func addList(to api: inout APIRoutes) {
        api.add(
            Operation(
                method: .get,
                path: path,
                id: "listMembers",
                tag: tag,
                summary: "The members of an organization",
                query: [.page, .pageSize],
                success: Operation.Success(
                    status: .ok,
                    description: "Members",
                    schema: Schema.page("members", of: Member.schema),
                    headers: ["X-Total-Count": "Length of the whole list"]
                )
            )
        ) { call in
            let id = try call.organizationID()
            let paging = try Paging(call.request)
            let listing = try await call.read(.organization(id, .read)) { session, _ in
                try MemberStore(session).list(in: id, page: paging.page).map(\.body)
            }
            return call.pagedList("members", listing, paging)
        }
    }

    private func addMember(to api: inout APIRoutes) {
        api.add(
            Operation(
                method: .post,
                path: path,
                id: "addMember",
                tag: tag,
                summary: "Add a member",
                description: """
                    With `name`: a new user. With `userId`: a user that the caller shares another organization with. With \
                    `issueKey` a first API key comes back; it works in this organization only, for seven days.
                    """,
                body: Operation.Body(
                    schema: Schema.object(
                        [
                            ("userId", Schema.uuid("An existing user")), ("name", Schema.name("Name of a new user")),
                            ("email", Schema.string("E-mail address of a new user", maximum: FieldRules.nameLimit)),
                            ("role", Schema.organizationRole),
                            ("issueKey", Schema.boolean("Whether to make a first API key")),
                        ],
                        optional: ["userId", "name", "email", "issueKey"]
                    )
                ),
                success: Operation.Success(
                    status: .created,
                    description: "Added",
                    schema: Schema.object(
                        Self.properties + [("apiKey", APIKey.createdSchema)],
                        optional: ["email", "apiKey"]
                    )
                ),
                isCreating: true
            )
        ) { call in
            let organization = try call.organizationID()
            let grant = try await call.authorize(.organization(organization, .manageOrganization))
            let body = try await call.jsonBody()
            var fields = try RequestFields(body)
            let existing: UserID? = fields.value("userId") == .absent ? nil : fields.id("userId")
            let name = fields.value("userId") == .absent ? fields.text("name") : nil
            let email = fields.optionalText("email")
            let role: OrganizationRole? = fields.choice("role")
            let issuesKey = fields.flag("issueKey")
            try fields.finish()
            guard let role else { throw APIError.internalError(cause: "a member without complaints has no role") }
            return try await call.create(as: grant.principal, body: body) { session in
                let now = Date()
                let user: User
                if let existing {
                    user = try knownUser(existing, to: grant.principal.user, session)
                    guard try MemberStore(session).find(user.id, in: organization) == nil else {
                        throw APIError(status: .conflict, code: .conflict, message: "the user is a member already")
                    }
                } else {
                    user = User(id: UserID(), name: name ?? "", email: email, createdAt: now)
                    try UserStore(session).insert(user)
                }
                try MemberStore(session).insert(user.id, in: organization, role: role, at: now)
                let member = Member(user: user, role: role, createdAt: now)
                guard issuesKey else { return Created(body: member.body) }
                let key = try IssuedKey.make(for: user.id, in: organization, now: now).insert(session)
                return Created(body: member.body.adding(["apiKey": key.body]), isShownOnce: true)
            }
        }
    }

    private static let properties: [(String, JSON)] = [
        ("userId", Schema.uuid("User")), ("name", Schema.name("Name")), ("email", Schema.string("E-mail address")),
        ("role", Schema.organizationRole), ("createdAt", Schema.time("Member since")),
    ]

    private func addRole(to api: inout APIRoutes) {
        api.add(
            Operation(
                method: .put,
                path: "/organization/{organizationId}/member/role",
                id: "setMemberRole",
                tag: tag,
                summary: "Change a member's role",
                body: Operation.Body(
                    schema: Schema.object([("userId", Schema.uuid("The member")), ("role", Schema.organizationRole)])
                ),
                success: Operation.Success(status: .ok, description: "The member", schema: Member.schema),
                errors: [.notFound, .conflict]
            )
        ) { call in
            let organization = try call.organizationID()
            _ = try await call.authorize(.organization(organization, .manageOrganization))
            var fields = try await call.fields()
            let user: UserID? = fields.id("userId")
            let role: OrganizationRole? = fields.choice("role")
            try fields.finish()
            guard let user, let role else {
                throw APIError.internalError(cause: "a role without complaints is incomplete")
            }
            return .json(
                try await call.service.database.write { session in
                    let members = MemberStore(session)
                    guard try members.find(user, in: organization) != nil else { throw APIError.memberNotFound }
                    if role != .administrator { try requireOtherAdministrator(than: user, in: organization, session) }
                    _ = try members.setRole(role, of: user, in: organization)
                    guard let member = try members.find(user, in: organization) else { throw APIError.memberNotFound }
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
                id: "removeMember",
                tag: tag,
                summary: "Remove a member",
                description: "Its roles in the projects and its keys that are bound to the organization go with it.",
                success: Operation.Success(status: .noContent, description: "Removed"),
                errors: [.conflict]
            )
        ) { call in
            let (organization, user) = (try call.organizationID(), call.userID)
            _ = try await call.authorize(.organization(organization, .manageOrganization))
            try await call.service.database.write { session in
                guard let user, try MemberStore(session).find(user, in: organization) != nil else {
                    throw APIError.memberNotFound
                }
                try requireOtherAdministrator(than: user, in: organization, session)
                _ = try MemberStore(session).delete(user, from: organization)
            }
            return .noContent
        }
    }

    private func addKey(to api: inout APIRoutes) {
        api.add(
            Operation(
                method: .post,
                path: "\(path)/{userId}/api-keys",
                id: "issueMemberKey",
                tag: tag,
                summary: "Issue an API key to a member",
                description: "It works in this organization only, for seven days: time for its holder to make one.",
                success: Operation.Success(
                    status: .created,
                    description: "Issued; the key is shown this once",
                    schema: APIKey.createdSchema
                ),
                isCreating: true
            )
        ) { call in
            let (organization, user) = (try call.organizationID(), call.userID)
            let grant = try await call.authorize(.organization(organization, .manageOrganization))
            return try await call.create(as: grant.principal, body: Data()) { session in
                guard let user, try MemberStore(session).find(user, in: organization) != nil else {
                    throw APIError.memberNotFound
                }
                let key = try IssuedKey.make(for: user, in: organization, now: Date()).insert(session)
                return Created(body: key.body, isShownOnce: true)
            }
        }
    }
}

extension APIError {
    static let memberNotFound = notFound("member", code: .memberNotFound)
}

/// The user `id`, if the caller knows it from another organization. A user that exists elsewhere is answered like none.
private func knownUser(_ id: UserID, to caller: UserID, _ session: any SQLSession) throws -> User {
    guard
        try MemberStore(session).shareOrganization(id, caller),
        let user = try UserStore(session).find(id)
    else { throw APIError.invalid("userId", "is not a user that you share an organization with") }
    return user
}

/// An organization always has an administrator.
private func requireOtherAdministrator(
    than user: UserID,
    in organization: OrganizationID,
    _ session: any SQLSession
) throws {
    guard try MemberStore(session).otherAdministrators(than: user, in: organization) == 0 else { return }
    throw APIError(
        status: .conflict,
        code: .lastAdministrator,
        message: "the organization would have no administrator",
        hint: "Make another member an administrator first, or delete the organization"
    )
}
