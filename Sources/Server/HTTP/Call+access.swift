import Hummingbird
import Storage
import Tenancy

/// What a request asks to be allowed.
enum Access: Sendable {
    /// Any valid key.
    case user
    /// Any member of the organization, whatever its key is narrowed to: the name of an organization is no secret to its members.
    case member(OrganizationID)
    /// These permissions on the organization as such.
    case organization(OrganizationID, PermissionSet)
    /// These permissions on the organization that runs the service: for what all organizations share.
    case service(PermissionSet)
    /// These permissions on one project.
    case project(ProjectID, PermissionSet)
}

/// What was found when access was granted.
struct Grant: Sendable {
    let principal: Principal
    /// The role in the organization asked for; nil for ``Access/user``.
    var role: OrganizationRole?
    /// The organization asked for, or the one that the project belongs to.
    var organization: OrganizationID?
}

extension Call {
    /// Checks access, then runs `body` on the same snapshot of the database.
    func read<Result: Sendable>(
        _ access: Access,
        _ body: @Sendable (any SQLSession, Grant) throws -> Result
    ) async throws -> Result {
        let presented = PresentedKey(request)
        let result: Result? = try await service.database.read { session in
            guard let principal = try service.authenticator.principal(presented, session) else { return nil }
            context.trace.note { $0.key = principal.key }
            return try body(session, grant(access, to: principal, session))
        }
        if let result { return result }
        guard case .none = presented else {
            service.metrics.wrongKey()
            throw try await service.authenticator.throttle.penalty(for: context.address)
        }
        throw APIError.unauthenticated
    }

    /// Checks access alone, for a route that goes on to read a body and to write.
    func authorize(_ access: Access) async throws -> Grant {
        try await read(access) { _, grant in grant }
    }

    private func grant(_ access: Access, to principal: Principal, _ session: any SQLSession) throws -> Grant {
        switch access {
        case .user:
            return Grant(principal: principal)
        case .member(let id):
            context.trace.note { $0.organization = id }
            let role = try AccessStore(session).role(of: principal.user, in: id)
            guard let role, principal.scope.isUsable(in: id) else { throw APIError.forbidden }
            return Grant(principal: principal, role: role, organization: id)
        case .organization(let id, let needed):
            context.trace.note { $0.organization = id }
            let role = try AccessStore(session).role(of: principal.user, in: id)
            guard principal.permissions(in: id, role: role).isSuperset(of: needed) else { throw APIError.forbidden }
            return Grant(principal: principal, role: role, organization: id)
        case .service(let needed):
            guard let id = try OperatingOrganizationStore(session).find() else { throw APIError.forbidden }
            return try grant(.organization(id, needed), to: principal, session)
        case .project(let id, let needed):
            context.trace.note { $0.project = id }
            guard let access = try AccessStore(session).project(id, for: principal.user) else {
                throw APIError.forbidden
            }
            let permissions = principal.permissions(
                in: id,
                of: access.organization,
                role: access.role,
                projectRole: access.projectRole
            )
            guard permissions.isSuperset(of: needed) else { throw APIError.forbidden }
            context.trace.note { $0.organization = access.organization }
            return Grant(principal: principal, role: access.role, organization: access.organization)
        }
    }
}

extension Grant {
    /// The projects of the organization that the caller may read; nil when it is all of them. For ``Access/member(_:)``, which looks
    /// at no permission.
    func readableProjects(_ session: any SQLSession) throws -> Set<ProjectID>? {
        guard let organization, principal.scope.permissions.contains(.read) else { throw APIError.forbidden }
        let narrowed = principal.scope.projects
        if role?.permissions.contains(.read) ?? false { return narrowed }
        let own = try ProjectStore(session).identifiers(of: principal.user, in: organization)
        return narrowed.map { own.intersection($0) } ?? own
    }
}

extension APIKey.Scope {
    /// Whether a key of this scope may be used in `id` at all. Source: product.md, "A key can be narrowed".
    func isUsable(in id: OrganizationID) -> Bool {
        organization.map { $0 == id } ?? true
    }
}
