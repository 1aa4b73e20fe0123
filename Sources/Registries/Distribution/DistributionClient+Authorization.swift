import Foundation
import Sealing

extension DistributionClient {
    /// What a try came to.
    enum Reply<Result: Sendable>: Sendable {
        case answered(Result)
        case challenged(OutboundResponse)
    }

    /// What a request is signed with.
    private struct Grant {
        var authorization: OutboundRequest.Authorization?
        var key: TokenCache.Key?
        var standing = RequestStanding.anonymous
    }

    /// Sends a request with what it takes to be let in, and gives the answer, whatever its status.
    func send(_ request: OutboundRequest, _ scopes: [TokenScope]) async throws -> (OutboundResponse, RequestStanding) {
        try await authorized(scopes) { authorization in
            var request = request
            request.authorization = authorization
            let response = try await outbound.send(request)
            return response.status == 401 ? .challenged(response) : .answered(response)
        } refused: {
            $0
        }
    }

    /// Tries with what is known of the registry, learns from its challenge, and tries again: once to be let in at all, once with
    /// the rights that the registry names or a fresh token. A secret that was refused is not sent a second time.
    func authorized<Result: Sendable>(
        _ scopes: [TokenScope],
        _ attempt: (OutboundRequest.Authorization?) async throws -> Reply<Result>,
        refused: (OutboundResponse) throws -> Result
    ) async throws -> (Result, RequestStanding) {
        var scopes = TokenScope.merged(scopes)
        var plan = knownPlan
        var tries = 0
        while true {
            tries += 1
            let grant = try await grant(plan, scopes)
            switch try await attempt(grant.authorization) {
            case .answered(let result): return (result, grant.standing)
            case .challenged(let response):
                if tries < 3, let next = try nextPlan(after: response, plan, grant, &scopes) {
                    plan = next
                    continue
                }
                if grant.standing == .secret, let login {
                    let error = RegistryError(answer: response, about: .support, as: .secret)
                    tokens.keepRefusal(of: login.cacheID, error)
                }
                return (try refused(response), grant.standing)
            }
        }
    }

    /// How the registry wants to be spoken to, as far as that is known and still what the credential is pinned to.
    var knownPlan: AuthenticationPlan? {
        guard let plan = tokens.plan(for: place) else { return nil }
        if case .bearer(let realm, _) = plan, let pinned = login?.pinnedRealm, pinned != realm.origin.description {
            return nil
        }
        return plan
    }

    /// What the challenges ask for, checked and remembered; nil when it is nothing that we can give. A token before the secret.
    func plan(_ challenges: [AuthenticationChallenge]) throws -> AuthenticationPlan? {
        let plan: AuthenticationPlan
        if let bearer = challenges.first(where: { $0.scheme == "bearer" }) {
            var pinned = login?.pinnedRealm
            // Before the first good probe, the first service that is named stays the one.
            if pinned == nil, login != nil, case .bearer(let first, _) = tokens.plan(for: place) {
                pinned = first.origin.description
            }
            let realm = try TokenRealm.checked(bearer.parameters["realm"], registry: origin, pinned: pinned)
            plan = .bearer(realm: realm, service: bearer.parameters["service"])
        } else if challenges.contains(where: { $0.scheme == "basic" }) {
            plan = .basic
        } else {
            return nil
        }
        tokens.keep(plan, for: place)
        return plan
    }

    func token(_ realm: OutboundURL, _ service: String?, _ scopes: [TokenScope]) async throws -> RegistryToken {
        let key = tokenKey(realm, service, scopes)
        if let kept = tokens.kept(key) { return kept }
        // Opened here and not within the fetch, which others may wait for: who may not have it any more is refused alone.
        let opened = try await opened()
        // It may have been pinned since the client was made.
        try TokenRealm.check(realm, registry: origin, pinned: opened?.pinnedRealm)
        let source = TokenService(
            outbound: outbound,
            registry: origin,
            realm: realm,
            service: service,
            login: opened,
            trust: trust
        )
        return try await tokens.token(key) { [tokens, login] in
            do {
                return try await source.token(scopes)
            } catch let error as RegistryError where error.code == .authenticationFailed {
                if let login { tokens.keepRefusal(of: login.cacheID, error) }
                throw error
            }
        }
    }

    private func tokenKey(_ realm: OutboundURL, _ service: String?, _ scopes: [TokenScope]) -> TokenCache.Key {
        TokenCache.Key(login: login?.cacheID, registry: origin, realm: realm, service: service, scopes: scopes)
    }

    private func grant(_ plan: AuthenticationPlan?, _ scopes: [TokenScope]) async throws -> Grant {
        switch plan {
        case nil, .open: return Grant()
        case .basic:
            guard let login else { return Grant() }
            if let refusal = tokens.refusal(of: login.cacheID) { throw refusal }
            let opened = try await opened() ?? login
            return Grant(
                authorization: .basic(username: opened.username, password: opened.password),
                standing: .secret
            )
        case .bearer(let realm, let service):
            let token = try await token(realm, service, scopes)
            return Grant(
                authorization: .bearer(token.token),
                key: tokenKey(realm, service, scopes),
                standing: login == nil ? .anonymous : .grantedToken
            )
        }
    }

    /// The plan for one more try after a `401`; nil when none would help.
    private func nextPlan(
        after response: OutboundResponse,
        _ plan: AuthenticationPlan?,
        _ grant: Grant,
        _ scopes: inout [TokenScope]
    ) throws -> AuthenticationPlan? {
        let challenges = AuthenticationChallenge.challenges(in: response.headers.all("WWW-Authenticate"))
        guard let key = grant.key else {
            // With the secret, another try makes sense only if the registry wants a token in its place.
            if grant.standing == .secret, !challenges.contains(where: { $0.scheme == "bearer" }) { return nil }
            guard let next = try self.plan(challenges), next != plan, next != .basic || login != nil else { return nil }
            return next
        }
        // Harbor answers a token that is not enough with a challenge for the secret; it gets no more for that.
        guard let bearer = challenges.first(where: { $0.scheme == "bearer" }) else { return nil }
        guard let next = try self.plan(challenges) else { return nil }
        if next != plan { return next }
        if bearer.parameters["error"] == "invalid_token" {
            tokens.forget(key)
            return next
        }
        let wider = TokenScope.merged(scopes + bearer.scopes)
        guard wider != scopes else { return nil }
        scopes = wider
        return next
    }
}
