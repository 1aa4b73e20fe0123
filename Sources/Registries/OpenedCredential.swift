public import Foundation
public import Sealing

/// A stored credential, opened for one piece of work. It lives as long as that work and is never kept.
public struct OpenedCredential: Sendable {
    /// The credential's id; with ``version`` the key of every cache.
    public let id: UUID
    /// The version of its secret.
    public let version: Int64
    /// Which registry it is for.
    public let kind: RegistryKind
    /// The public fields of its kind, by name.
    public let publicFields: [String: String]
    /// The secret fields of its kind, by name.
    public let secret: SecretBundle
    /// `scheme://host[:port]` of the token service that was pinned at the first good probe; nil before it.
    public let pinnedRealm: String?

    /// An opened credential.
    public init(
        id: UUID,
        version: Int64,
        kind: RegistryKind,
        publicFields: [String: String],
        secret: SecretBundle,
        pinnedRealm: String? = nil
    ) {
        self.id = id
        self.version = version
        self.kind = kind
        self.publicFields = publicFields
        self.secret = secret
        self.pinnedRealm = pinnedRealm
    }
}
