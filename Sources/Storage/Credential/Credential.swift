public import Foundation
public import Registries
public import Sealing
public import Tenancy

/// Names a ``Credential``.
public struct CredentialID: Identifier {
    /// The UUID itself.
    public let uuid: UUID
    /// Wraps `uuid`.
    public init(_ uuid: UUID) { self.uuid = uuid }
}

/// A stored credential without its secret: what anybody who may read it sees.
public struct Credential: Sendable, Equatable {
    /// Its id.
    public let id: CredentialID
    /// The organization that owns it.
    public let organization: OrganizationID
    /// Which registry it is for.
    public let kind: RegistryKind
    /// Its display name.
    public var name: String
    /// What it is for, if somebody said.
    public var description: String?
    /// The public fields of its kind, by name; every value is one line.
    public let publicFields: [String: String]
    /// The version of its secret, counted from 1.
    public var version: Int64
    /// The root key under which the secret is sealed.
    public var rootKey: RootKeyID
    /// When it was stored.
    public let createdAt: Date
    /// When it was last changed.
    public var updatedAt: Date
    /// When the secret ends, as the user said; nil when nobody did.
    public var expiresAt: Date?
    /// When it was last used for somebody, to the minute; nil before. Scheduled probes do not count.
    public var lastUsedAt: Date?
    /// What probing the present version of its secret came to.
    public var verification: VerificationSummary

    /// A credential.
    public init(
        id: CredentialID,
        organization: OrganizationID,
        kind: RegistryKind,
        name: String,
        description: String?,
        publicFields: [String: String],
        version: Int64,
        rootKey: RootKeyID,
        createdAt: Date,
        updatedAt: Date,
        expiresAt: Date? = nil,
        lastUsedAt: Date? = nil,
        verification: VerificationSummary? = nil
    ) {
        self.id = id
        self.organization = organization
        self.kind = kind
        self.name = name
        self.description = description
        self.publicFields = publicFields
        self.version = version
        self.rootKey = rootKey
        self.createdAt = createdAt
        self.updatedAt = updatedAt
        self.expiresAt = expiresAt
        self.lastUsedAt = lastUsedAt
        let unknown = Verification.Expiry(at: nil, source: .unknown)
        self.verification = verification ?? VerificationSummary(expiry: unknown.orElse(expiresAt))
    }

    /// What the secret of this version is bound to.
    public var sealingContext: SealingContext {
        SealingContext(organization: organization.uuid, credential: id.uuid, kind: kind.description, version: version)
    }
}
