import Foundation

/// Lists of registries as they were a moment ago, so that paging through one, and many clients at once, cost few requests.
///
/// One for the process. Every key holds the credential's id and version: nobody sees what another's credential shows, and nothing
/// outlives a rotation. One fetch serves all who want the same page at once.
public final class BrowseCache: Sendable {
    let projects: ListCache<RegistryProject>
    let images: ListCache<RegistryImage>
    let tags: ListCache<RegistryTag>
    let searches: ListCache<DockerHubSearchResult>

    /// An empty cache.
    public init(limits: BrowseLimits = BrowseLimits(), time: OutboundTime = .system) {
        projects = ListCache(limits: limits, time: time)
        images = ListCache(limits: limits, time: time)
        tags = ListCache(limits: limits, time: time)
        searches = ListCache(limits: limits, time: time)
    }
}

/// Bounds on what the browse cache holds.
public struct BrowseLimits: Sendable, Hashable {
    /// How old a page may be that is shown without asking again.
    public var lifetime: Duration
    /// Items that are kept of each sort (projects, images, tags); an item is 200 to 500 bytes.
    public var items: Int

    /// The defaults: 60 s, 60,000.
    public init(lifetime: Duration = .seconds(60), items: Int = 60_000) {
        self.lifetime = lifetime
        self.items = items
    }
}

/// Which list a page belongs to.
struct ListKey: Hashable, Sendable {
    /// Nil: nobody's, what everybody may see.
    let credential: UUID?
    let version: Int64
    /// The list within the registry: `projects/demo/repositories`.
    let list: String

    init(_ credential: OpenedCredential?, _ list: String) {
        self.credential = credential?.id
        version = credential?.version ?? 0
        self.list = list
    }

    private init(_ credential: UUID?, _ version: Int64, _ list: String) {
        self.credential = credential
        self.version = version
        self.list = list
    }

    /// The key of something that is known of this list.
    func part(_ name: String) -> ListKey { ListKey(credential, version, "\(list)#\(name)") }
}

/// A page of a registry, or a whole list of it.
struct ListPage<Item: Sendable>: Sendable {
    var items: [Item]
    /// The length of the whole list as the registry told it with this page; nil when it did not.
    var total: Int?
    var fetchedAt: Date
    var rateBudget: RateBudget?

    /// The same with other items.
    func with<Other: Sendable>(_ items: [Other], total: Int?) -> ListPage<Other> {
        ListPage<Other>(items: items, total: total, fetchedAt: fetchedAt, rateBudget: rateBudget)
    }
}
