import Foundation
import OCI

/// Speaks the OCI distribution API with one registry, as one login or as nobody.
///
/// Cheap to make: connections are the outbound client's, tokens and what is known of the registry the cache's. Every method throws
/// ``RegistryError`` and `CancellationError`. Source: OCI distribution specification 1.1.
public struct DistributionClient: Sendable {
    /// The way out.
    public let outbound: OutboundClient
    /// Tokens, and what is known of the registry.
    public let tokens: TokenCache
    /// The registry.
    public let origin: OutboundOrigin
    /// As whom; nil: as nobody. Without a password where the client is ``reopening(_:)`` it.
    public let login: RegistryLogin?
    /// Whom to trust, and how to present ourselves.
    public let trust: TLSTrust?
    private let reopen: (@Sendable () async throws -> RegistryLogin)?

    /// A client of the registry at `origin`.
    public init(
        outbound: OutboundClient,
        tokens: TokenCache,
        origin: OutboundOrigin,
        login: RegistryLogin? = nil,
        trust: TLSTrust? = nil
    ) {
        self.init(outbound: outbound, tokens: tokens, origin: origin, login: login, trust: trust, reopen: nil)
    }

    private init(
        outbound: OutboundClient,
        tokens: TokenCache,
        origin: OutboundOrigin,
        login: RegistryLogin?,
        trust: TLSTrust?,
        reopen: (@Sendable () async throws -> RegistryLogin)?
    ) {
        self.outbound = outbound
        self.tokens = tokens
        self.origin = origin
        self.login = login
        self.trust = trust
        self.reopen = reopen
    }

    /// The same client without its secret. `reopen` gives the login anew each time that a password is sent, which is for each token and,
    /// where a registry has no token service, for each request; nothing keeps it between. What it throws, the request throws that
    /// needed it. Tokens stay those of the login that the client was made with.
    public func reopening(_ reopen: @escaping @Sendable () async throws -> RegistryLogin) -> DistributionClient {
        DistributionClient(
            outbound: outbound,
            tokens: tokens,
            origin: origin,
            login: login?.withoutPassword,
            trust: trust,
            reopen: reopen
        )
    }

    /// The login with its password.
    func opened() async throws -> RegistryLogin? {
        guard login != nil, let reopen else { return login }
        return try await reopen()
    }

    /// Asks whether this is a registry and how it wants to be spoken to. Sends no secret. Says nothing of any right.
    public func ping() async throws -> DistributionSupport {
        let response = try await outbound.send(request("/v2/", limit: .object))
        let challenges = AuthenticationChallenge.challenges(in: response.headers.all("WWW-Authenticate"))
        switch response.status {
        case 200: tokens.keep(.open, for: place)
        case 401 where !challenges.isEmpty: _ = try plan(challenges)
        case 401: throw RegistryError.misbehaved(origin, "wants a credential and does not say how", status: 401)
        default: throw RegistryError(answer: response, about: .support, as: .anonymous)
        }
        return DistributionSupport(
            isOpen: response.status == 200,
            challenges: challenges,
            apiVersion: response.headers["Docker-Distribution-API-Version"]
        )
    }

    /// A token for `scopes`, of the service that the registry names. What it says of itself is what was granted. Throws
    /// ``RegistryError/Code/unsupported`` when the registry has no token service.
    public func token(scopes: [TokenScope]) async throws -> RegistryToken {
        if tokens.plan(for: place) == nil { _ = try await ping() }
        guard case .bearer(let realm, let service) = tokens.plan(for: place) else {
            throw RegistryError(
                .unsupported,
                "\(origin.authority) has no token service",
                upstream: .init(registry: origin.authority)
            )
        }
        return try await token(realm, service, TokenScope.merged(scopes))
    }

    var place: TokenCache.Place { .init(login: login?.cacheID, registry: origin) }

    func request(
        _ path: String,
        _ method: OutboundRequest.Method = .get,
        query: [(name: String, value: String)] = [],
        accept: String = "application/json",
        limit: BodyLimit
    ) -> OutboundRequest {
        OutboundRequest(
            method,
            origin.url(path, query: query),
            headers: [("Accept", accept)],
            bodyLimit: limit,
            trust: trust
        )
    }

    /// The repository as a part of a path. Throws ``RegistryError/Code/repositoryNotFound`` for what no repository is called.
    func checked(_ repository: String) throws -> String {
        guard ImageReference.isRepository(repository) else {
            throw RegistryError(
                .repositoryNotFound,
                "no repository has such a name",
                hint: "Repositories are in lower case, without host and tag.",
                upstream: .init(registry: origin.authority)
            )
        }
        return repository
    }
}

/// What a registry says to somebody it does not know.
public struct DistributionSupport: Sendable, Hashable {
    /// Whether it asks for nothing.
    public let isOpen: Bool
    /// What it wants to see, as it said.
    public let challenges: [AuthenticationChallenge]
    /// `registry/2.0`, if it says so.
    public let apiVersion: String?
}
