import Foundation
import HTTPTypes
import Hummingbird
import Registries
import Storage
import Tenancy

/// How an organization's credentials are: what is broken, too strong, ending or unused, and which projects lose what.
struct CredentialHealthRoutes {
    /// Items in each list when the request does not say.
    static let defaultLimit = 20
    /// More items than this are never told.
    static let maximumLimit = 100

    func add(to api: inout APIRoutes) {
        api.add(
            Operation(
                method: .get,
                path: "/organization/{organizationId}/credentials/health",
                id: "getCredentialHealth",
                tag: "Credentials",
                summary: "What is broken, too strong, ending or unused, and which projects lose what",
                description: """
                    Totals are those of all credentials of the organization; each list tells at most `limit` of them. \
                    `broken` is rejected, insufficient or unreachable. `expiring` ends within 30 days, the first end first.
                    """,
                query: [
                    Operation.Parameter(
                        name: "limit",
                        description: "Items in each list; more than 100 is taken as 100",
                        schema: ["type": "integer", "minimum": 1, "default": .integer(Self.defaultLimit)]
                    )
                ],
                success: Operation.Success(status: .ok, description: "Health", schema: CredentialHealth.schema)
            )
        ) { call in
            let organization = try call.organizationID()
            let limit = try call.limit()
            let now = call.service.verifier.clock.now()
            return .json(
                try await call.read(.organization(organization, .read)) { session, _ in
                    try CredentialHealth.body(
                        CredentialHealthStore(session, of: organization, now: now),
                        session,
                        limit: limit,
                        now: now
                    )
                }
            )
        }
    }
}

extension Call {
    fileprivate func limit() throws(APIError) -> Int {
        guard let text = request.uri.queryParameters["limit"] else { return CredentialHealthRoutes.defaultLimit }
        guard let limit = Int(text), limit >= 1 else { throw .invalid("limit", "must be a whole number from 1") }
        return min(limit, CredentialHealthRoutes.maximumLimit)
    }
}

extension CredentialHealth {
    fileprivate static func body(
        _ store: CredentialHealthStore,
        _ session: any SQLSession,
        limit: Int,
        now: Date
    ) throws -> JSON {
        let totals = try store.totals()
        var members: [(String, JSON?)] = [
            ("total", .integer(totals.total)), ("at", .time(now)),
            ("byState", .object(Verification.State.allCases.map { ($0.rawValue, .integer(totals.byState[$0] ?? 0)) })),
            (
                "expiringWithinDays",
                .object(expiryDays.map { ("\($0)", .integer(totals.expiringWithin[$0] ?? 0)) })
            ),
        ]
        for trouble in Trouble.allCases {
            let credentials = try store.credentials(with: trouble, limit: limit)
            let projects = try CredentialLinkStore(session).projects(of: credentials.map(\.id))
            let items = credentials.map { $0.healthBody(projects: projects[$0.id] ?? []) }
            members.append(
                (trouble.rawValue, ["total": .integer(totals.byTrouble[trouble] ?? 0), "credentials": .array(items)])
            )
        }
        let affected = try store.affectedProjects(limit: limit)
        members.append(
            ("projects", ["total": .integer(affected.total), "projects": .array(affected.items.map(\.body))])
        )
        return .object(members)
    }

    fileprivate static var schema: JSON {
        let list = Schema.object([
            ("total", Schema.integer("All of them")), ("credentials", Schema.array(Credential.healthSchema)),
        ])
        return Schema.object(
            [
                ("total", Schema.integer("All credentials")), ("at", Schema.time("The moment of this answer")),
                (
                    "byState",
                    Schema.object(
                        Verification.State.allCases.map { ($0.rawValue, Schema.integer("Credentials in this state")) }
                    )
                ),
                (
                    "expiringWithinDays",
                    Schema.object(
                        expiryDays.map { ("\($0)", Schema.integer("Credentials that end within \($0) days")) }
                    )
                ),
            ] + Trouble.allCases.map { ($0.rawValue, list) } + [
                (
                    "projects",
                    Schema.object([
                        ("total", Schema.integer("Projects that may use a broken or expired credential")),
                        ("projects", Schema.array(AffectedProject.schema)),
                    ])
                )
            ]
        )
    }
}

extension Credential {
    fileprivate func healthBody(projects: [ProjectID]) -> JSON {
        .object([
            ("id", .id(id)), ("registryType", .string(kind.description)), ("name", .string(name)),
            ("lastUsedAt", .time(lastUsedAt)), ("verification", verification.body),
            ("projectIds", .array(projects.map { .id($0) })),
        ])
    }

    fileprivate static let healthSchema = Schema.object([
        ("id", Schema.uuid("Credential")), ("registryType", Schema.registryKind), ("name", Schema.name("Display name")),
        ("lastUsedAt", Schema.lastUsedAt), ("verification", VerificationSummary.schema),
        ("projectIds", Schema.array(Schema.uuid("Project"), "Linked projects")),
    ])
}

extension AffectedProject {
    fileprivate var body: JSON {
        [
            "projectId": .id(project), "name": .string(name), "total": .integer(total),
            "credentialIds": .array(credentials.map { .id($0) }),
        ]
    }

    fileprivate static let schema = Schema.object([
        ("projectId", Schema.uuid("Project")), ("name", Schema.name("Name")),
        ("total", Schema.integer("Its credentials that are broken or expired")),
        (
            "credentialIds",
            Schema.array(Schema.uuid("Credential"), "At most \(CredentialHealthStore.credentialsOfProject) of them")
        ),
    ])
}

extension Schema {
    static let lastUsedAt = time(
        "When it was last used for somebody, to the minute; null before. Scheduled probes do not count",
        nullable: true
    )
}
