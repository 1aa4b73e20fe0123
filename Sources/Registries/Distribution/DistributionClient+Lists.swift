import Foundation
import OCI

/// One page of a list, and where the next one is.
public struct DistributionPage: Sendable, Hashable {
    /// The names on it, as the registry sent them.
    public let names: [String]
    /// Where the next page is; nil at the end, as far as the registry tells.
    public let next: OutboundURL?
    /// What the registry says of its rate limit.
    public let rateBudget: RateBudget?
    /// How many names were asked for.
    let size: Int
}

extension DistributionClient {
    /// One page of a repository's tags: the first, or the one at `next`, which a page before gave.
    public func tagPage(_ repository: String, size: Int = 1_000, next: OutboundURL? = nil) async throws
        -> DistributionPage
    {
        try await page(.tags(try checked(repository)), size: size, at: next)
    }

    /// One page of the registry's repositories. Many registries have no such list, or one that is not complete.
    public func catalogPage(size: Int = 1_000, next: OutboundURL? = nil) async throws -> DistributionPage {
        try await page(.catalog, size: size, at: next)
    }

    /// All tags of a repository, in the registry's order and without doubles. Throws ``RegistryError/Code/upstreamMisbehaved`` beyond
    /// 100,000 of them, and for pages that lead in a circle or to another host.
    public func allTags(_ repository: String) async throws -> [String] {
        try await all(.tags(try checked(repository)))
    }

    /// All repositories that the registry's catalogue names, as ``allTags(_:)``.
    public func allRepositories() async throws -> [String] { try await all(.catalog) }

    private func page(_ list: DistributionList, size: Int, at next: OutboundURL?) async throws -> DistributionPage {
        let url = next ?? origin.url(list.path, query: [("n", "\(size)")])
        guard url.origin == origin else { throw RegistryError.misbehaved(origin, "continues a list at another host") }
        var request = OutboundRequest(
            .get,
            url,
            headers: [("Accept", "application/json")],
            bodyLimit: .listPage,
            trust: trust,
            redirects: .sameOrigin(hops: 2)
        )
        request.isAddressHidden = next != nil
        let (response, standing) = try await send(request, [list.scope])
        if response.status == 400, RegistryError.word(in: response.body) == "PAGINATION_NUMBER_INVALID", next == nil,
            size > 100
        {
            return try await page(list, size: 100, at: nil)
        }
        guard response.status == 200 else { throw RegistryError(answer: response, about: list.subject, as: standing) }
        // The decoder's words name our types, which tell an operator nothing.
        guard JSONBounds.isShallow(response.body),
            let body = try? JSONDecoder().decode(ListBody.self, from: Data(response.body))
        else { throw RegistryError.misbehaved(origin, "sent a list that is not readable", status: response.status) }
        return DistributionPage(
            names: body.names,
            next: try PageLink.next(in: response),
            rateBudget: RateBudget(response.headers),
            size: size
        )
    }

    private func all(_ list: DistributionList) async throws -> [String] {
        var names: [String] = []
        var seen: Set<String> = []
        var visited: Set<OutboundURL> = []
        var next: OutboundURL?
        var pagesWithoutNews = 0
        var size = DistributionList.pageSize
        while true {
            let page = try await page(list, size: size, at: next)
            size = page.size
            let news = page.names.filter { seen.insert($0).inserted }
            names += news
            guard names.count <= DistributionList.mostNames else {
                throw RegistryError.misbehaved(origin, "has a list of more than \(DistributionList.mostNames) names")
            }
            pagesWithoutNews = news.isEmpty ? pagesWithoutNews + 1 : 0
            if let link = page.next {
                guard visited.insert(link).inserted, pagesWithoutNews < 3 else {
                    throw RegistryError.misbehaved(origin, "has a list that leads in a circle")
                }
                next = link
            } else if let last = page.names.last, !news.isEmpty, list.mayContinue(after: page.names.count) {
                next = origin.url(list.path, query: [("n", "\(size)"), ("last", last)])
            } else {
                return names
            }
        }
    }
}

/// A list of the distribution API.
private enum DistributionList {
    case tags(String)
    case catalog

    /// What is asked for; servers give fewer.
    static let pageSize = 1_000
    /// So that a hostile registry fills no memory: 100,000 names of 255 bytes are 25 MB.
    static let mostNames = 100_000

    var path: String {
        switch self {
        case .tags(let repository): "/v2/\(repository)/tags/list"
        case .catalog: "/v2/_catalog"
        }
    }

    var scope: TokenScope {
        switch self {
        case .tags(let repository): .pull(repository)
        case .catalog: .catalog
        }
    }

    var subject: RegistrySubject {
        switch self {
        case .tags: .repository
        case .catalog: .catalog
        }
    }

    /// Whether a page without a link may have another behind it: a full one, and one as long as a server's own maximum likely is,
    /// since some cut pages shorter than asked and do not say so.
    func mayContinue(after count: Int) -> Bool { count >= DistributionList.pageSize || (count > 0 && count % 50 == 0) }
}

private struct ListBody: Decodable {
    let names: [String]

    enum CodingKeys: String, CodingKey {
        case tags
        case repositories
    }

    init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        // `null` and a missing member are an empty list.
        let tags = try container.decodeIfPresent([String].self, forKey: .tags)
        names = try tags ?? container.decodeIfPresent([String].self, forKey: .repositories) ?? []
    }
}
