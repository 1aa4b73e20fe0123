extension APIClient {
    /// A list of the server's, whole: the union of all of its pages.
    struct Listing<Item: Decodable & Sendable>: Sendable {
        let noun: String
        let items: [Received<Item>]

        var values: [Item] { items.map(\.value) }

        /// The form of one page of the server's, with everything on it.
        var json: JSONValue {
            .object([noun: .array(items.map(\.json)), "total": .integer(Int64(items.count))])
        }

        func filtered(_ isIncluded: (Item) -> Bool) -> Listing {
            Listing(noun: noun, items: items.filter { isIncluded($0.value) })
        }
    }

    /// Fetches every page of the list at `path`, whose items are under `noun`, or as many as `limit` items take.
    /// `inspect` sees each answer.
    ///
    /// An item that moves to the next page while the pages are fetched comes twice, and is kept once.
    func list<Item>(
        _ path: APIPath,
        noun: String,
        limit: Int? = nil,
        of type: Item.Type = Item.self,
        inspect: (APIAnswer) -> Void = { _ in }
    ) async throws -> Listing<Item> {
        var items: [Received<Item>] = []
        var seen: Set<JSONValue> = []
        for page in 1...Self.pageLimit {
            let paged = path.adding(query: [("page", "\(page)"), ("pageSize", "\(Self.pageSize)")])
            let answer = try await send(.get(paged))
            inspect(answer)
            let body: ListBody<Item> = try answer.decoded()
            let received = body.items(under: noun)
            items += received.filter { seen.insert($0.json).inserted }
            if received.isEmpty || page >= body.totalPages || items.count >= limit ?? .max { break }
        }
        return Listing(noun: noun, items: limit.map { Array(items.prefix($0)) } ?? items)
    }

    /// The server's maximum, so that there are few calls.
    private static let pageSize = 100
    /// A hundred thousand items; a server that goes on after that would go on for ever.
    private static let pageLimit = 1000
}

/// One page. The nouns are different, the other fields are the same.
private struct ListBody<Item: Decodable & Sendable>: Decodable {
    private let lists: [String: [Received<Item>]]
    let totalPages: Int

    private struct Key: CodingKey {
        let stringValue: String
        var intValue: Int? { nil }

        init(stringValue: String) { self.stringValue = stringValue }
        init?(intValue: Int) { return nil }
    }

    init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: Key.self)
        func number(_ name: String) throws -> Int? {
            try container.decodeIfPresent(Int.self, forKey: Key(stringValue: name))
        }
        // The lists of a registry tell their length and leave the number of pages to the reader.
        let size = try max(number("pageSize") ?? 1, 1)
        let pagesOfLength = try number("totalCount").map { (max($0, 1) - 1) / size + 1 }
        totalPages = try number("totalPages") ?? pagesOfLength ?? 1
        var lists: [String: [Received<Item>]] = [:]
        let others: Set = ["total", "page", "pageSize", "totalPages", "totalCount", "repository"]
        for key in container.allKeys where !others.contains(key.stringValue) {
            lists[key.stringValue] = try container.decode([Received<Item>].self, forKey: key)
        }
        self.lists = lists
    }

    func items(under noun: String) -> [Received<Item>] {
        lists[noun] ?? []
    }
}
