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

    /// Fetches every page of the list at `path`, whose items are under `noun`.
    ///
    /// An item that moves to the next page while the pages are fetched comes twice, and is kept once.
    func list<Item>(_ path: APIPath, noun: String, of type: Item.Type = Item.self) async throws -> Listing<Item> {
        var items: [Received<Item>] = []
        var seen: Set<JSONValue> = []
        for page in 1...Self.pageLimit {
            let paged = path.adding(query: [("page", "\(page)"), ("pageSize", "\(Self.pageSize)")])
            let body: ListBody<Item> = try await send(.get(paged)).decoded()
            let received = body.items(under: noun)
            items += received.filter { seen.insert($0.json).inserted }
            if received.isEmpty || page >= body.totalPages { break }
        }
        return Listing(noun: noun, items: items)
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
        totalPages = try container.decodeIfPresent(Int.self, forKey: Key(stringValue: "totalPages")) ?? 1
        var lists: [String: [Received<Item>]] = [:]
        let numbers: Set = ["total", "page", "pageSize", "totalPages"]
        for key in container.allKeys where !numbers.contains(key.stringValue) {
            lists[key.stringValue] = try container.decode([Received<Item>].self, forKey: key)
        }
        self.lists = lists
    }

    func items(under noun: String) -> [Received<Item>] {
        lists[noun] ?? []
    }
}
