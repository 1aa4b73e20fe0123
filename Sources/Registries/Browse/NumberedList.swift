import Foundation

/// A list that a registry gives in numbered pages with its length, and our pages cut from it.
///
/// Any of our pages costs one or two of the registry's. Where the registry's pages are not as long as asked, or the list moves
/// between two of them, the whole list is fetched once instead, since nothing is then known of where an item stands.
struct NumberedList<Item: Sendable>: Sendable {
    let cache: ListCache<Item>
    let key: ListKey
    let crawler: ListCrawler<Item>

    /// Our page of it.
    func cut(_ page: BrowsePage) async throws -> BrowseResult<Item> {
        if let whole = cache.kept(key, 0) { return whole.cut(page) }
        if let result = try await quickCut(page) { return result }
        return try await whole().cut(page)
    }

    /// All of it, without doubles.
    func whole() async throws -> ListPage<Item> {
        try await cache.whole(key) { try await crawler.crawl(kept: { cache.kept(key, $0) }) }
    }

    /// The registry's page of this number.
    func upstream(_ number: Int) async throws -> ListPage<Item> {
        try await cache.page(key, number) { try await crawler.fetch(number, ListBounds.pageSize) }
    }

    /// The page from as few of the registry's as hold it; nil when they do not fit together.
    private func quickCut(_ page: BrowsePage) async throws -> BrowseResult<Item>? {
        let size = ListBounds.pageSize
        // No list is that long: such a page is past the end of every one.
        let start = page.start > ListBounds.farthest ? 0 : page.start
        let begin = start / size * size
        if let known = cache.kept(key, 1), let total = known.total, start >= total {
            return BrowseResult(items: [], total: total, fetchedAt: known.fetchedAt, rateBudget: known.rateBudget)
        }
        let first = try await upstream(start / size + 1)
        var told = first.total
        if start > 0, (told ?? 0) <= start { told = try await upstream(1).total }
        guard let total = told else { return nil }
        let end = min(start + page.size, total)
        guard page.start < total, start < end else {
            return BrowseResult(items: [], total: total, fetchedAt: first.fetchedAt, rateBudget: first.rateBudget)
        }
        var pages = [first]
        while begin + pages.count * size < end { pages.append(try await upstream(start / size + 1 + pages.count)) }
        for (index, page) in pages.enumerated() {
            guard page.total == total, page.items.count == min(size, total - begin - index * size) else { return nil }
        }
        return BrowseResult(
            items: Array(pages.flatMap(\.items)[(start - begin)..<(end - begin)]),
            total: total,
            fetchedAt: pages.map(\.fetchedAt).min() ?? first.fetchedAt,
            rateBudget: pages.last?.rateBudget
        )
    }
}

/// Bounds on lists that are fetched.
enum ListBounds {
    /// What registries are asked for, and the most that Harbor and Docker Hub give on a page.
    static let pageSize = 100
    /// Items of one list that are held at once: a hostile registry fills no memory.
    static let most = 100_000
    /// Pages that begin behind this many items are past the end of every list.
    static let farthest = 100_000_000
    /// Pages of one list that are fetched at once.
    static let window = 4
}

/// Fetches a list in numbered pages as a whole.
struct ListCrawler<Item: Sendable>: Sendable {
    /// Whose list it is, for errors.
    let registry: String
    /// What makes two items the same: lists move while they are paged through.
    let identity: @Sendable (Item) -> String
    /// The registry's page of this number and size. A page past the end is empty, with or without a total.
    let fetch: @Sendable (_ number: Int, _ size: Int) async throws -> ListPage<Item>

    /// All items, without doubles, in no more requests than there are pages. `kept` may know some of the pages.
    func crawl(kept: @escaping @Sendable (Int) -> ListPage<Item>? = { _ in nil }) async throws -> ListPage<Item> {
        let page: @Sendable (Int) async throws -> ListPage<Item> = { number in
            if let page = kept(number) { return page }
            return try await fetch(number, ListBounds.pageSize)
        }
        let first = try await page(1)
        var pages = [first]
        var count = first.items.count
        var total = first.total ?? Int.max
        // The registry may cut shorter pages than it was asked for.
        let size = max(1, total > count ? min(count, ListBounds.pageSize) : ListBounds.pageSize)
        var isAtEnd = first.items.isEmpty || (first.total == nil && count < ListBounds.pageSize)
        while !isAtEnd, count < total {
            let missing = min(total - count, ListBounds.window * size)
            let numbers = (pages.count + 1)...(pages.count + max(1, (missing + size - 1) / size))
            let batch = try await fetchAll(numbers, page)
            pages += batch
            count += batch.reduce(0) { $0 + $1.items.count }
            total = batch.last?.total ?? total
            // A short or empty page ends a list whatever its length was said to be.
            isAtEnd = batch.contains { $0.items.isEmpty || (first.total == nil && $0.items.count < size) }
            guard count <= ListBounds.most else {
                throw RegistryError(
                    .upstreamMisbehaved,
                    "\(registry) has a list of more than \(ListBounds.most) items",
                    upstream: .init(registry: registry)
                )
            }
        }
        var seen: Set<String> = []
        let items = pages.flatMap(\.items).filter { seen.insert(identity($0)).inserted }
        return ListPage(
            items: items,
            total: items.count,
            fetchedAt: pages.map(\.fetchedAt).min() ?? first.fetchedAt,
            rateBudget: pages.last?.rateBudget
        )
    }

    private func fetchAll(
        _ numbers: ClosedRange<Int>,
        _ page: @escaping @Sendable (Int) async throws -> ListPage<Item>
    ) async throws -> [ListPage<Item>] {
        guard numbers.count > 1 else { return [try await page(numbers.lowerBound)] }
        return try await withThrowingTaskGroup(of: (Int, ListPage<Item>).self) { group in
            for number in numbers { group.addTask { (number, try await page(number)) } }
            var found: [Int: ListPage<Item>] = [:]
            for try await (number, page) in group { found[number] = page }
            return numbers.compactMap { found[$0] }
        }
    }
}

extension BrowsePage {
    /// How many items stand before it; `Int.max` when no number can tell.
    var start: Int {
        let (start, isFar) = max(number - 1, 0).multipliedReportingOverflow(by: max(size, 1))
        return isFar ? .max : start
    }
}

extension ListPage {
    /// Our page of a list that is here as a whole.
    func cut(_ page: BrowsePage) -> BrowseResult<Item> {
        let start = min(page.start, items.count)
        let end = min(start + max(page.size, 1), items.count)
        return BrowseResult(
            items: Array(items[start..<end]),
            total: items.count,
            fetchedAt: fetchedAt,
            rateBudget: rateBudget
        )
    }
}
