import Foundation
import OCI

/// Speaks Docker Hub's API as one login. Source: Docker Hub API reference, 2-beta.
///
/// A login with few rights gets 200 and the public repositories everywhere; nothing is concluded from a 200 alone.
struct DockerHubAPI: Sendable {
    let outbound: OutboundClient
    let endpoints: DockerHubEndpoints
    let tokens: DockerHubTokens
    let login: RegistryLogin
    /// Whose repositories are listed.
    let namespace: String

    init(
        _ credential: OpenedCredential,
        outbound: OutboundClient,
        endpoints: DockerHubEndpoints,
        tokens: DockerHubTokens
    ) throws(RegistryError) {
        self.outbound = outbound
        self.endpoints = endpoints
        self.tokens = tokens
        login = try credential.login()
        // Names are in lower case in paths, whatever was typed.
        namespace = (credential.publicFields["namespace"] ?? login.username).lowercased()
    }

    /// Asks; every status is an answer. A token of ours that is not taken any more is renewed once.
    func ask(
        _ path: String,
        query: [(name: String, value: String)] = [],
        limit: BodyLimit = .object
    ) async throws -> OutboundResponse {
        let token = try await tokens.token(login)
        let answer = try await outbound.send(request(path, query, limit, token))
        guard answer.status == 401 else { return answer }
        tokens.forget(token, of: login)
        return try await outbound.send(request(path, query, limit, try await tokens.token(login)))
    }

    /// One page of a list, the items that are readable. A page past the end is a 404 there, and empty here.
    func list<Item: Decodable & Sendable>(
        _ path: String,
        of type: Item.Type,
        page: Int,
        size: Int,
        query: [(name: String, value: String)] = [],
        missing: RegistryError
    ) async throws -> ListPage<Item> {
        let query = [("page", "\(page)"), ("page_size", "\(size)")] + query
        let answer = try await ask(path, query: query, limit: .listPage)
        let budget = RateBudget(answer.headers)
        if answer.status == 404, page > 1 {
            return ListPage(items: [], total: nil, fetchedAt: outbound.time.date(), rateBudget: budget)
        }
        guard answer.status == 200 else { throw RegistryError(dockerHub: answer, doing: "a list", missing: missing) }
        guard let body = decodedForeign(DockerHubList<Item>.self, answer.body) else {
            throw RegistryError.misbehaved(endpoints.hub, "sent a list that is not readable", status: answer.status)
        }
        return ListPage(
            items: body.items,
            total: body.count,
            fetchedAt: outbound.time.date(),
            rateBudget: budget
        )
    }

    /// The path of a namespace's repositories.
    func path(namespace: String) throws(RegistryError) -> String {
        guard ImageReference.isRepository(namespace), !namespace.contains("/") else { throw noNamespace() }
        return "/v2/namespaces/\(namespace)/repositories"
    }

    /// The path of a repository, `namespace/name`.
    func path(repository: String) throws(RegistryError) -> String {
        let parts = repository.split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count == 2, ImageReference.isRepository(repository) else { throw noRepository() }
        return try path(namespace: String(parts[0])) + "/\(parts[1])"
    }

    func noNamespace() -> RegistryError {
        RegistryError(
            .projectNotFound,
            "Docker Hub has no such namespace, or does not let the token see it",
            hint: "A namespace is a user's or an organization's name, in lower case.",
            upstream: .init(registry: endpoints.hub.authority)
        )
    }

    func noRepository() -> RegistryError {
        RegistryError(
            .repositoryNotFound,
            "Docker Hub has no such repository, or does not let the token see it",
            hint: "Give it as namespace/name; official images are in library/.",
            upstream: .init(registry: endpoints.hub.authority)
        )
    }

    /// The registry, as this login.
    func distribution(_ cache: TokenCache) -> DistributionClient {
        DistributionClient(
            outbound: outbound,
            tokens: cache,
            origin: endpoints.registry,
            // Other token services than Docker's own are refused, whatever the registry says.
            login: RegistryLogin(
                id: login.id,
                version: login.version,
                username: login.username,
                password: login.password,
                pinnedRealm: endpoints.auth.description
            )
        )
    }

    private func request(
        _ path: String,
        _ query: [(name: String, value: String)],
        _ limit: BodyLimit,
        _ token: DockerHubToken
    ) -> OutboundRequest {
        OutboundRequest(
            .get,
            endpoints.hub.url(path, query: query),
            headers: [("Accept", "application/json")],
            authorization: .bearer(token.secret),
            bodyLimit: limit
        )
    }
}
