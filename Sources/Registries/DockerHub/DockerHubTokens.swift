import Foundation
import Sealing
import Synchronization

/// A token of Docker Hub's API: what a login there gives for 10 minutes. No other host takes it.
struct DockerHubToken: Sendable {
    let secret: Secret
    let claims: DockerHubClaims
}

/// The API tokens of all logins, and which secrets were just refused.
///
/// Logins that fail lock out the account and our address for a quarter of an hour, so that a secret that was refused is not sent
/// again by itself for a while. One for the process; keys hold the credential's id and version.
final class DockerHubTokens: Sendable {
    private typealias Key = RegistryLogin.CacheID

    private struct State: Sendable {
        var tokens = ExpiringEntries<Key, DockerHubToken>(capacity: DockerHubTokens.capacity)
        var refusals = ExpiringEntries<Key, RegistryError>(capacity: DockerHubTokens.capacity)
    }

    private let state = Mutex(State())
    private let flights = SingleFlight<RegistryLogin.CacheID, DockerHubToken>()
    private let outbound: OutboundClient
    private let hub: OutboundOrigin

    /// One minute before the end, as Harbor's own client does it.
    private static let lifetime = Duration.seconds(540)
    /// A third of the lockout: a token that was switched on again is tried soon, and nobody is locked out by us.
    private static let refusalLifetime = Duration.seconds(300)
    /// Logins that are remembered.
    private static let capacity = 4_096

    init(outbound: OutboundClient, hub: OutboundOrigin) {
        self.outbound = outbound
        self.hub = hub
    }

    /// A kept token, or a new login. Throws the refusal of a moment ago without asking again.
    func token(_ login: RegistryLogin) async throws -> DockerHubToken {
        let now = outbound.time.now()
        let (kept, refusal) = state.withLock { state in
            (state.tokens.value(login.cacheID, at: now), state.refusals.value(login.cacheID, at: now))
        }
        if let kept { return kept }
        if let refusal { throw refusal }
        return try await newToken(login)
    }

    /// A new login, whatever is kept: for a probe. One for all who want it at once.
    func newToken(_ login: RegistryLogin) async throws -> DockerHubToken {
        try await flights.value(login.cacheID) {
            do {
                let token = try await self.logIn(login)
                let now = self.outbound.time.now()
                self.state.withLock { state in
                    state.tokens.keep(token, for: login.cacheID, until: now + DockerHubTokens.lifetime, at: now)
                    state.refusals.remove(login.cacheID)
                }
                return token
            } catch let error as RegistryError where error.code == .authenticationFailed {
                let now = self.outbound.time.now()
                self.state.withLock { state in
                    state.tokens.remove(login.cacheID)
                    state.refusals.keep(
                        error,
                        for: login.cacheID,
                        until: now + DockerHubTokens.refusalLifetime,
                        at: now
                    )
                }
                throw error
            }
        }
    }

    /// Forgets a token that the API did not take.
    func forget(_ token: DockerHubToken, of login: RegistryLogin) {
        let now = outbound.time.now()
        state.withLock { state in
            guard state.tokens.value(login.cacheID, at: now)?.secret == token.secret else { return }
            state.tokens.remove(login.cacheID)
        }
    }

    private func logIn(_ login: RegistryLogin) async throws -> DockerHubToken {
        let secret = login.password.withBytes { String(decoding: $0, as: UTF8.self) }
        let body = try JSONEncoder().encode(["identifier": login.username, "secret": secret])
        let answer = try await outbound.send(
            OutboundRequest(
                .post,
                hub.url("/v2/auth/token"),
                headers: [("Accept", "application/json")],
                body: .init(contentType: "application/json", bytes: Secret(body)),
                bodyLimit: .token
            )
        )
        guard answer.status == 200 else {
            throw RegistryError(dockerHubLogin: answer, isOrganizationToken: secret.hasPrefix("dckr_oat_"))
        }
        guard let text = decodedForeign(Answer.self, answer.body)?.token else {
            throw RegistryError.misbehaved(hub, "sent no token", status: answer.status)
        }
        let token = Secret(text)
        return DockerHubToken(secret: token, claims: DockerHubClaims(unverified: token))
    }

    private struct Answer: Decodable {
        let token: String

        private enum CodingKeys: String, CodingKey { case token = "access_token" }
    }
}

/// What an API token says of the secret that it was given for. Nobody checked its signature.
///
/// None of it is documented; it is used where it is there. Source: tokens as issues of Docker Hub's users show them.
struct DockerHubClaims: Sendable, Hashable, Decodable {
    /// `repo:read` and the like; nil when the token does not tell.
    let scopes: Set<String>?
    /// `pat`, `oat`; nil when the token does not tell.
    let source: String?

    private enum CodingKeys: String, CodingKey {
        case scope
        case source
    }

    private enum SourceKeys: String, CodingKey { case type }

    init(unverified token: Secret) {
        let claims = TokenClaims.payload(of: token).flatMap { decodedForeign(DockerHubClaims.self, $0) }
        (scopes, source) = (claims?.scopes, claims?.source)
    }

    init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        let text = container.lenient(String.self, .scope).map { $0.split(separator: " ").map(String.init) }
        let told = text ?? container.lenient([String].self, .scope)
        scopes = told.flatMap { $0.isEmpty ? nil : Set($0.prefix(64)) }
        // A claim of another shape is as good as none.
        source = (try? container.nestedContainer(keyedBy: SourceKeys.self, forKey: .source))?.lenient(
            String.self,
            .type
        )
    }
}
