import OCI

/// What a login was shown and granted, from which its rights are judged.
struct DockerHubEvidence: Sendable {
    /// A repository to ask for: the best proof that there is.
    struct Candidate: Sendable {
        let path: String
        let isPrivate: Bool
        /// A tag of it; nil when it has none, or the tags may not be read.
        var tag: String?
        /// Whether its tags may be read.
        var readsTags = false
    }

    /// What the login's token says of itself.
    let claims: DockerHubClaims
    /// How many repositories the namespace's list has; nil when there is no such list.
    private(set) var total: Int?
    /// Whether a private repository is in the list.
    private(set) var listsPrivate = false
    /// Named repositories that are not to be seen.
    private(set) var hidden: [String] = []
    /// Whether the user named repositories.
    let hasNames: Bool
    /// What was asked for.
    private(set) var candidate: Candidate?
    /// What the registry grants on it: pull, push, delete.
    private(set) var actions: [String] = []
    /// What is left of the pulls.
    private(set) var rateBudget: RateBudget?

    /// Whether anything was seen that nobody without the right sees.
    var seesPrivate: Bool { listsPrivate || (candidate?.isPrivate ?? false) }

    /// Named repositories that are looked at; every one costs a request.
    private static let mostNamed = 10
    /// Docker's own repository for looking at the rate limit without a pull.
    private static let preview = "ratelimitpreview/test"

    init(
        _ api: DockerHubAPI,
        _ registry: DistributionClient,
        claims: DockerHubClaims,
        named: [String]
    ) async throws {
        self.claims = claims
        hasNames = !named.isEmpty
        var found: [Candidate] = []
        for path in named.prefix(DockerHubEvidence.mostNamed) {
            let answer = try await api.ask(try api.path(repository: path))
            switch answer.status {
            case 200:
                let isPrivate = decodedForeign(DockerHubRepository.self, answer.body)?.isPrivate ?? false
                found.append(Candidate(path: path, isPrivate: isPrivate))
            case 403, 404: hidden.append(path)
            default: throw RegistryError(dockerHub: answer, doing: "reading a repository")
            }
        }
        found += try await listed(api)
        if var best = found.first(where: \.isPrivate) ?? found.first {
            let tags = try await api.ask(try api.path(repository: best.path) + "/tags", query: [("page_size", "1")])
            best.readsTags = tags.status == 200
            best.tag = decodedForeign(DockerHubList<DockerHubTag>.self, tags.body)?.items.first?.name
            candidate = best
            let scope = TokenScope(type: "repository", name: best.path, actions: ["pull", "push", "delete"])
            let token = try await registry.token(scopes: [scope])
            actions = token.claims?.actions(on: best.path) ?? []
        }
        rateBudget = try await DockerHubEvidence.budget(registry)
    }

    private mutating func listed(_ api: DockerHubAPI) async throws -> [Candidate] {
        do {
            let page = try await api.list(
                try api.path(namespace: api.namespace),
                of: DockerHubRepository.self,
                page: 1,
                size: ListBounds.pageSize,
                missing: api.noNamespace()
            )
            total = page.total ?? page.items.count
            listsPrivate = page.items.contains(where: \.isPrivate)
            return page.items.map { Candidate(path: $0.path, isPrivate: $0.isPrivate) }
        } catch let error as RegistryError where [.projectNotFound, .insufficientScope].contains(error.code) {
            return []
        }
    }

    private static func budget(_ registry: DistributionClient) async throws -> RateBudget? {
        do {
            return try await registry.head(preview, .tag("latest")).rateBudget
        } catch let error as RegistryError where error.code != .authenticationFailed {
            // It only informs. A refused login must not be sent again by what follows.
            return nil
        }
    }
}
