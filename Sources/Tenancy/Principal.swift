/// Who asks: a user, through one API key.
public struct Principal: Sendable, Equatable {
    /// The user.
    public let user: UserID
    /// The key.
    public let key: APIKeyID
    /// What the key is narrowed to.
    public let scope: APIKey.Scope

    /// A principal.
    public init(user: UserID, key: APIKeyID, scope: APIKey.Scope) {
        self.user = user
        self.key = key
        self.scope = scope
    }

    /// What this principal may do on an organization as such, given the user's role there. A key that is narrowed to projects
    /// may do nothing organization-wide.
    public func permissions(in organization: OrganizationID, role: OrganizationRole?) -> PermissionSet {
        guard let role, scope.projects == nil, isBound(to: organization) else { return [] }
        return role.permissions.intersection(scope.permissions)
    }

    /// What this principal may do on a project, given the user's roles in its organization and in itself.
    public func permissions(
        in project: ProjectID,
        of organization: OrganizationID,
        role: OrganizationRole?,
        projectRole: ProjectRole?
    ) -> PermissionSet {
        guard let role, isBound(to: organization), scope.projects?.contains(project) ?? true else { return [] }
        return role.permissions.union(projectRole?.permissions ?? []).intersection(scope.permissions)
    }

    private func isBound(to organization: OrganizationID) -> Bool {
        scope.organization.map { $0 == organization } ?? true
    }
}
