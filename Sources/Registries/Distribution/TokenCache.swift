import Synchronization

/// Registry tokens that are still good, how each registry wants to be spoken to, and which secrets were just refused.
///
/// One for the process. Every key holds the credential's id and version, so that nobody gets another's token, and nothing that was
/// cached outlives a rotation. One fetch serves all who want the same token at once.
public final class TokenCache: Sendable {
    struct Key: Hashable {
        let login: RegistryLogin.CacheID?
        let registry: OutboundOrigin
        let realm: OutboundURL
        let service: String?
        let scopes: [TokenScope]
    }

    /// Where a login is used.
    struct Place: Hashable {
        let login: RegistryLogin.CacheID?
        let registry: OutboundOrigin
    }

    private struct State {
        var tokens = ExpiringEntries<Key, RegistryToken>(capacity: TokenCache.capacity)
        var plans = ExpiringEntries<Place, AuthenticationPlan>(capacity: TokenCache.capacity)
        var refused = ExpiringEntries<RegistryLogin.CacheID, RegistryError>(capacity: TokenCache.capacity)
    }

    private let state = Mutex(State())
    private let flights = SingleFlight<Key, RegistryToken>()
    private let time: OutboundTime

    /// Entries beyond it push out those that end first.
    private static let capacity = 4_096
    /// A registry's challenge does not change often, and a change is noticed by its 401.
    private static let planLifetime = Duration.seconds(600)
    /// Long enough that a burst asks once; short enough that a secret that was just put right is tried again.
    private static let refusalLifetime = Duration.seconds(10)

    /// An empty cache.
    public init(time: OutboundTime = .system) { self.time = time }

    /// A token for `key`: a kept one, one that is being fetched, or what `fetch` gives.
    func token(
        _ key: Key,
        _ fetch: @escaping @Sendable () async throws -> RegistryToken
    ) async throws -> RegistryToken {
        if let kept = kept(key) { return kept }
        if let refusal = refusal(of: key.login) { throw refusal }
        return try await flights.value(key) {
            let token = try await fetch()
            let now = self.time.now()
            self.state.withLock { $0.tokens.keep(token, for: key, until: token.staleAt, at: now) }
            return token
        }
    }

    /// A token that is still good.
    func kept(_ key: Key) -> RegistryToken? {
        let now = time.now()
        return state.withLock { $0.tokens.value(key, at: now) }
    }

    /// Forgets a token that the registry did not take.
    func forget(_ key: Key) { state.withLock { $0.tokens.remove(key) } }

    func plan(for place: Place) -> AuthenticationPlan? {
        let now = time.now()
        return state.withLock { $0.plans.value(place, at: now) }
    }

    func keep(_ plan: AuthenticationPlan, for place: Place) {
        let now = time.now()
        state.withLock { $0.plans.keep(plan, for: place, until: now + TokenCache.planLifetime, at: now) }
    }

    /// The error with which this login was refused a moment ago.
    func refusal(of login: RegistryLogin.CacheID?) -> RegistryError? {
        guard let login else { return nil }
        let now = time.now()
        return state.withLock { $0.refused.value(login, at: now) }
    }

    func keepRefusal(of login: RegistryLogin.CacheID, _ error: RegistryError) {
        let now = time.now()
        state.withLock { $0.refused.keep(error, for: login, until: now + TokenCache.refusalLifetime, at: now) }
    }
}

/// How a registry wants to be spoken to.
enum AuthenticationPlan: Sendable, Hashable {
    /// It asks for nothing.
    case open
    /// Name and password with each request.
    case basic
    /// A token of the service at `realm`.
    case bearer(realm: OutboundURL, service: String?)
}
