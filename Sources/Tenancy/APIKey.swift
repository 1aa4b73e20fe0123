public import Foundation

/// What is known of an API key; the key itself is shown once and never stored.
public struct APIKey: Sendable, Equatable {
    /// Its id, which is also part of the key's text.
    public let id: APIKeyID
    /// The user that it speaks for.
    public let user: UserID
    /// Its display name.
    public let name: String
    /// What it is narrowed to.
    public let scope: Scope
    /// When it was created.
    public let createdAt: Date
    /// When it stops working; nil says that it never does.
    public let expiresAt: Date?
    /// When it was last used, to the minute; nil before the first use.
    public let lastUsedAt: Date?

    /// What a key may do at most: never more than its user may.
    public struct Scope: Sendable, Equatable {
        /// The permissions that it may use.
        public let permissions: PermissionSet
        /// The projects that it may use; nil stands for all of them and for the organization-wide operations.
        public let projects: Set<ProjectID>?
        /// The only organization that it may use; nil stands for all of its user's.
        public let organization: OrganizationID?

        /// A scope.
        public init(permissions: PermissionSet, projects: Set<ProjectID>?, organization: OrganizationID?) {
            self.permissions = permissions
            self.projects = projects
            self.organization = organization
        }

        /// Everything that the user may do.
        public static let unlimited = Scope(permissions: .all, projects: nil, organization: nil)

        /// Whether a key of this scope could do nothing that a key of `other` cannot.
        public func isWithin(_ other: Scope) -> Bool {
            guard permissions.isSubset(of: other.permissions) else { return false }
            if let bound = other.organization, organization != bound { return false }
            guard let allowed = other.projects else { return true }
            return projects.map { $0.isSubset(of: allowed) } ?? false
        }
    }

    /// A key's record.
    public init(
        id: APIKeyID,
        user: UserID,
        name: String,
        scope: Scope,
        createdAt: Date,
        expiresAt: Date?,
        lastUsedAt: Date?
    ) {
        self.id = id
        self.user = user
        self.name = name
        self.scope = scope
        self.createdAt = createdAt
        self.expiresAt = expiresAt
        self.lastUsedAt = lastUsedAt
    }
}
