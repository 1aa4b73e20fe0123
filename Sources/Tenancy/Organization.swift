public import Foundation

/// A tenant: it owns projects and credentials, and nobody outside it sees anything of it.
public struct Organization: Sendable, Equatable {
    /// Its id.
    public let id: OrganizationID
    /// Its display name.
    public var name: String
    /// When it was created.
    public let createdAt: Date
    /// When it was last changed.
    public var updatedAt: Date

    /// An organization.
    public init(id: OrganizationID, name: String, createdAt: Date, updatedAt: Date) {
        self.id = id
        self.name = name
        self.createdAt = createdAt
        self.updatedAt = updatedAt
    }
}

/// A user with a role in an organization.
public struct Member: Sendable, Equatable {
    /// The user.
    public let user: User
    /// The role.
    public let role: OrganizationRole
    /// When the user became a member.
    public let createdAt: Date

    /// A member.
    public init(user: User, role: OrganizationRole, createdAt: Date) {
        self.user = user
        self.role = role
        self.createdAt = createdAt
    }
}
