public import Foundation

/// A person or a machine that holds API keys. The e-mail address is a label and not an identity: it may occur twice.
public struct User: Sendable, Equatable {
    /// Its id.
    public let id: UserID
    /// Its display name.
    public var name: String
    /// Its e-mail address, if somebody gave one.
    public var email: String?
    /// When it was created.
    public let createdAt: Date

    /// A user.
    public init(id: UserID, name: String, email: String?, createdAt: Date) {
        self.id = id
        self.name = name
        self.email = email
        self.createdAt = createdAt
    }
}
