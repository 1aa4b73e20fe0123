public import Foundation

/// A part of an organization that credentials are linked to and that scans belong to.
public struct Project: Sendable, Equatable {
    /// Its id.
    public let id: ProjectID
    /// The organization that it belongs to.
    public let organization: OrganizationID
    /// Its display name.
    public var name: String
    /// What it is for, if somebody said.
    public var description: String?
    /// When it was created.
    public let createdAt: Date
    /// When it was last changed.
    public var updatedAt: Date

    /// A project.
    public init(
        id: ProjectID,
        organization: OrganizationID,
        name: String,
        description: String?,
        createdAt: Date,
        updatedAt: Date
    ) {
        self.id = id
        self.organization = organization
        self.name = name
        self.description = description
        self.createdAt = createdAt
        self.updatedAt = updatedAt
    }
}

/// A user with a role in a project.
public struct ProjectMember: Sendable, Equatable {
    /// The user.
    public let user: User
    /// The role.
    public let role: ProjectRole
    /// When the user joined the project.
    public let createdAt: Date

    /// A member.
    public init(user: User, role: ProjectRole, createdAt: Date) {
        self.user = user
        self.role = role
        self.createdAt = createdAt
    }
}
