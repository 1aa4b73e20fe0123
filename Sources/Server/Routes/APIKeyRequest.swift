import Foundation
import Registries
import Storage
import Tenancy

/// What a request for a new API key gives, after all rules.
struct APIKeyRequest: Sendable {
    /// Days that a key works when nothing is said.
    static let defaultLifetimeInDays = 90
    /// Projects that a key can be narrowed to.
    static let projectLimit = 100

    let name: String
    let expiresAt: Date?
    private let permissions: PermissionSet?
    private let projects: Set<ProjectID>?
    private let organization: OrganizationID?

    static var schema: JSON {
        Schema.object(
            [
                ("name", Schema.name("Name")),
                ("expiresAt", Schema.time("When it stops working; 90 days from now when it is missing")),
                ("neverExpires", Schema.boolean("True: it works until it is revoked")),
                ("permissions", Schema.permissions),
                (
                    "projectIds",
                    Schema.array(Schema.uuid("Project"), "Narrows the key to these projects", maximum: projectLimit)
                ),
                ("organizationId", Schema.uuid("Narrows the key to this organization")),
            ],
            optional: ["expiresAt", "neverExpires", "permissions", "projectIds", "organizationId"]
        )
    }

    init(_ body: Data, now: Date) throws(APIError) {
        var fields = try RequestFields(body)
        let name = fields.text("name")
        let expiresAt = fields.optionalTime("expiresAt")
        let neverExpires = fields.flag("neverExpires")
        if let expiresAt, expiresAt <= now { fields.complain("expiresAt", "must lie in the future") }
        if expiresAt != nil, neverExpires { fields.complain("expiresAt", "contradicts neverExpires") }

        var permissions: PermissionSet?
        for (index, word) in (fields.texts("permissions", limit: 100) ?? []).enumerated() {
            guard let permission = Permission(rawValue: word) else {
                let words = Permission.allCases.map(\.rawValue).joined(separator: ", ")
                fields.complain("permissions[\(index)]", "must be one of: \(words)")
                continue
            }
            permissions = (permissions ?? []).union(PermissionSet(permission))
        }
        let projects = fields.ids("projectIds", limit: Self.projectLimit, as: ProjectID.self)
        let organization: OrganizationID? =
            fields.value("organizationId") == .absent ? nil : fields.id("organizationId")
        try fields.finish()

        self.name = name ?? ""
        self.expiresAt = neverExpires ? nil : expiresAt ?? now + Double(Self.defaultLifetimeInDays) * 86_400
        self.permissions = permissions
        self.projects = projects.flatMap { $0.isEmpty ? nil : Set($0) }
        self.organization = organization
    }

    /// The scope of the new key, which is never wider than that of the key that asks. Throws 400 for a project or an
    /// organization that the caller cannot see.
    func scope(for principal: Principal, _ session: any SQLSession) throws -> APIKey.Scope {
        var errors: [FieldError] = []
        for (index, project) in (projects ?? []).enumerated() {
            let access = try AccessStore(session).project(project, for: principal.user)
            let visible = access.map {
                principal.permissions(in: project, of: $0.organization, role: $0.role, projectRole: $0.projectRole)
            }
            if visible?.isEmpty ?? true {
                errors.append(FieldError("projectIds[\(index)]", "is not a project of yours"))
            }
        }
        if let organization, try AccessStore(session).role(of: principal.user, in: organization) == nil {
            errors.append(FieldError("organizationId", "is not an organization of yours"))
        }
        guard errors.isEmpty else { throw APIError.invalid(errors) }
        let scope = APIKey.Scope(
            permissions: permissions ?? principal.scope.permissions,
            projects: projects ?? principal.scope.projects,
            organization: organization ?? principal.scope.organization
        )
        guard scope.isWithin(principal.scope) else { throw APIError.forbidden }
        return scope
    }
}
