import Foundation
import HTTPTypes
import Hummingbird
import Registries
import Storage
import Tenancy

/// The personal settings: the caller's profile and API keys.
struct UserRoutes {
    private let tag = "Personal settings"

    func add(to api: inout APIRoutes) {
        addProfile(to: &api)
        addKeyList(to: &api)
        addKeyCreate(to: &api)
        addKeyDelete(to: &api)
    }

    private var profileSchema: JSON {
        Schema.object(
            [
                ("id", Schema.uuid("User")), ("name", Schema.name("Name")), ("email", Schema.string("E-mail address")),
                ("createdAt", Schema.time("When it was created")),
                ("organizations", Schema.array(Organization.schema, "The first 100 of them")),
                ("apiKey", APIKey.schema),
            ],
            optional: ["email"]
        )
    }

    private func addProfile(to api: inout APIRoutes) {
        let profile: @Sendable (any SQLSession, Principal) throws -> JSON = { session, principal in
            guard
                let user = try UserStore(session).find(principal.user),
                let key = try APIKeyStore(session).find(principal.key)?.key
            else { throw APIError.unauthenticated }
            let organizations = try OrganizationStore(session).list(
                of: principal.user,
                bound: principal.scope.organization,
                page: Page(number: 1, size: Paging.maximumSize)
            )
            return .object([
                ("id", .id(user.id)), ("name", .string(user.name)), ("email", .optional(user.email)),
                ("createdAt", .time(user.createdAt)),
                ("organizations", .array(organizations.items.map { $0.organization.body(role: $0.role) })),
                ("apiKey", key.body),
            ])
        }
        api.add(
            Operation(
                method: .get,
                path: "/user/profile",
                id: "getProfile",
                tag: tag,
                summary: "Who the API key speaks for",
                success: Operation.Success(status: .ok, description: "The caller", schema: profileSchema)
            )
        ) { call in
            .json(try await call.read(.user) { session, grant in try profile(session, grant.principal) })
        }
        api.add(
            Operation(
                method: .patch,
                path: "/user/profile",
                id: "updateProfile",
                tag: tag,
                summary: "Change the caller's name or e-mail address",
                description: "Needs a key that is not narrowed.",
                body: Operation.Body(
                    schema: Schema.object(
                        [
                            ("name", Schema.name("Name")),
                            (
                                "email",
                                Schema.string("E-mail address", maximum: FieldRules.nameLimit).adding(["nullable": true]
                                )
                            ),
                        ],
                        optional: ["name", "email"]
                    )
                ),
                success: Operation.Success(status: .ok, description: "The caller", schema: profileSchema)
            )
        ) { call in
            let principal = try await call.authorize(.user).principal
            guard principal.scope == .unlimited else { throw APIError.forbidden }
            var fields = try await call.fields()
            let name = fields.contains("name") ? fields.text("name") : nil
            let changesEmail = fields.contains("email")
            let email = fields.optionalText("email")
            try fields.finish()
            return .json(
                try await call.service.database.write { session in
                    guard var user = try UserStore(session).find(principal.user) else { throw APIError.unauthenticated }
                    user.name = name ?? user.name
                    if changesEmail { user.email = email }
                    try UserStore(session).update(user)
                    return try profile(session, principal)
                }
            )
        }
    }

    private func addKeyList(to api: inout APIRoutes) {
        api.add(
            Operation(
                method: .get,
                path: "/user/api-keys",
                id: "listAPIKeys",
                tag: tag,
                summary: "The caller's API keys",
                query: [.page, .pageSize],
                success: Operation.Success(
                    status: .ok,
                    description: "API keys, without the keys themselves",
                    schema: Schema.page("apiKeys", of: APIKey.schema),
                    headers: ["X-Total-Count": "Length of the whole list"]
                )
            )
        ) { call in
            let paging = try Paging(call.request)
            let listing = try await call.read(.user) { session, grant in
                let (user, scope) = (grant.principal.user, grant.principal.scope)
                return try APIKeyStore(session).list(of: user, bound: scope.organization, page: paging.page).map(\.body)
            }
            return call.pagedList("apiKeys", listing, paging)
        }
    }

    private func addKeyCreate(to api: inout APIRoutes) {
        api.add(
            Operation(
                method: .post,
                path: "/user/api-keys",
                id: "createAPIKey",
                tag: tag,
                summary: "Create an API key",
                description: """
                    A key can do at most what the key that creates it can. Without `expiresAt` and `neverExpires` it \
                    works for 90 days.
                    """,
                body: Operation.Body(schema: APIKeyRequest.schema),
                success: Operation.Success(
                    status: .created,
                    description: "Created; the key is shown this once",
                    schema: APIKey.createdSchema
                ),
                isCreating: true
            )
        ) { call in
            let principal = try await call.authorize(.user).principal
            let body = try await call.jsonBody()
            let request = try APIKeyRequest(body, now: Date())
            return try await call.create(as: principal, body: body) { session in
                let scope = try request.scope(for: principal, session)
                let issued = try IssuedKey.make(
                    for: principal.user,
                    name: request.name,
                    scope: scope,
                    expiresAt: request.expiresAt,
                    now: Date()
                ).insert(session)
                return Created(body: issued.body, isShownOnce: true)
            }
        }
    }

    private func addKeyDelete(to api: inout APIRoutes) {
        api.add(
            Operation(
                method: .delete,
                path: "/user/api-keys/{apiKeyId}",
                id: "revokeAPIKey",
                tag: tag,
                summary: "Revoke an API key",
                description: "It stops at once, and so do the access tokens made from it.",
                success: Operation.Success(status: .noContent, description: "Revoked")
            )
        ) { call in
            let principal = try await call.authorize(.user).principal
            let id: APIKeyID? = call.id("apiKeyId")
            try await call.service.database.write { session in
                let missing = APIError.notFound("API key", code: .apiKeyNotFound)
                guard let id, let found = try APIKeyStore(session).find(id)?.key, found.user == principal.user else {
                    throw missing
                }
                // A narrowed key may end itself and what is no stronger, not the keys above it.
                guard found.scope.isWithin(principal.scope) else { throw missing }
                _ = try APIKeyStore(session).delete(id, of: principal.user)
            }
            return .noContent
        }
    }
}
