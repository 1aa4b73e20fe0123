import Foundation

/// A public repository that Docker Hub's search found.
public struct DockerHubSearchResult: Sendable, Hashable {
    /// As one pulls it, without the host; official images without `library/`.
    public var name: String
    /// Its makers' words about it.
    public var description: String?
    /// Whether Docker publishes it as an official image.
    public var isOfficial: Bool
    /// Stars.
    public var starCount: Int
    /// Pulls so far.
    public var pullCount: Int
}

/// Docker Hub's public search. It needs no credential and uses none.
public struct DockerHubSearch: Sendable {
    let outbound: OutboundClient
    let endpoints: DockerHubEndpoints
    let cache: BrowseCache

    /// Longer queries are refused.
    public static let queryLimit = 255

    /// What is found for `query`; nothing for a blank one. Throws ``RegistryError``.
    public func images(_ query: String, page: BrowsePage) async throws -> BrowseResult<DockerHubSearchResult> {
        let query = query.trimmingCharacters(in: .whitespacesAndNewlines)
        guard !query.isEmpty, query.utf8.count <= DockerHubSearch.queryLimit else {
            return BrowseResult(items: [], total: 0, fetchedAt: outbound.time.date())
        }
        // What is found moves with every push in the world, so that pages are the search's own and are not cut from others.
        let found = try await cache.searches.page(ListKey(nil, "search/\(page.size)/\(query)"), page.number) {
            try await fetch(query, page)
        }
        return BrowseResult(
            items: found.items,
            total: found.total ?? found.items.count,
            fetchedAt: found.fetchedAt,
            rateBudget: found.rateBudget
        )
    }

    private func fetch(_ query: String, _ page: BrowsePage) async throws -> ListPage<DockerHubSearchResult> {
        let answer = try await outbound.send(
            OutboundRequest(
                .get,
                endpoints.hub.url(
                    "/v2/search/repositories/",
                    query: [("query", query), ("page", "\(page.number)"), ("page_size", "\(page.size)")]
                ),
                headers: [("Accept", "application/json")],
                bodyLimit: .listPage,
                redirects: .sameOrigin(hops: 2)
            )
        )
        let budget = RateBudget(answer.headers)
        if answer.status == 404, page.number > 1 {
            // Past the end; the first page knows how much there is.
            let first = try await images(query, page: BrowsePage(number: 1, size: page.size))
            return ListPage(items: [], total: first.total, fetchedAt: outbound.time.date(), rateBudget: budget)
        }
        guard answer.status == 200 else { throw RegistryError(dockerHub: answer, doing: "a search") }
        guard let body = decodedForeign(DockerHubList<Entry>.self, answer.body) else {
            throw RegistryError.misbehaved(
                endpoints.hub,
                "sent a search result that is not readable",
                status: answer.status
            )
        }
        return ListPage(
            items: body.items.map(\.result),
            total: body.count,
            fetchedAt: outbound.time.date(),
            rateBudget: budget
        )
    }

    private struct Entry: Decodable, Sendable {
        let result: DockerHubSearchResult

        private enum CodingKeys: String, CodingKey {
            case name = "repo_name"
            case description = "short_description"
            case isOfficial = "is_official"
            case starCount = "star_count"
            case pullCount = "pull_count"
        }

        init(from decoder: any Decoder) throws {
            let container = try decoder.container(keyedBy: CodingKeys.self)
            let name = try container.decode(String.self, forKey: .name)
            result = DockerHubSearchResult(
                name: name.hasPrefix("library/") ? String(name.dropFirst(8)) : name,
                description: container.lenient(String.self, .description).flatMap { $0.isEmpty ? nil : $0 },
                isOfficial: container.lenient(Bool.self, .isOfficial) ?? false,
                starCount: container.lenient(Int.self, .starCount) ?? 0,
                pullCount: container.lenient(Int.self, .pullCount) ?? 0
            )
        }
    }
}
