public import Foundation
public import Sealing

/// A token for a registry's API, and where it came from.
public struct RegistryToken: Sendable {
    /// The token.
    public let token: Secret
    /// When it ends, by our calendar.
    public let expiresAt: Date
    /// What it says of itself; nil when it is opaque.
    public let claims: TokenClaims?
    /// The token service: `scheme://host[:port]`, to be pinned.
    public let realm: String
    /// The service that it is for, as the challenge named it.
    public let service: String?
    /// What was asked for. Less may have been granted.
    public let scopes: [TokenScope]
    /// Our clock's reading at which it is too old to use.
    let staleAt: Duration
}

/// Who a registry is spoken to as. It lives as long as the work that needs it.
public struct RegistryLogin: Sendable {
    /// The credential's id; with ``version`` the key of caches.
    public let id: UUID
    /// The version of its secret.
    public let version: Int64
    /// The name; `<token>` when the secret is an identity token.
    public let username: String
    /// The password or token.
    public let password: Secret
    /// The only token service that may see it: `scheme://host[:port]`. Nil before the first good probe.
    public let pinnedRealm: String?

    /// A login.
    public init(id: UUID, version: Int64, username: String, password: Secret, pinnedRealm: String? = nil) {
        self.id = id
        self.version = version
        self.username = username
        self.password = password
        self.pinnedRealm = pinnedRealm
    }

    /// The login of `credential` with these of its fields.
    public init(_ credential: OpenedCredential, username: String, password: Secret) {
        self.init(
            id: credential.id,
            version: credential.version,
            username: username,
            password: password,
            pinnedRealm: credential.pinnedRealm
        )
    }

    /// What is left when its password is not kept.
    var withoutPassword: RegistryLogin {
        RegistryLogin(id: id, version: version, username: username, password: Secret(""), pinnedRealm: pinnedRealm)
    }

    var cacheID: CacheID { CacheID(id: id, version: version) }

    struct CacheID: Hashable {
        let id: UUID
        let version: Int64
    }
}
