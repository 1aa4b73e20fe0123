/// Finds the one item that a person meant, by its id or its name.
enum NameMatch {
    /// Throws a ``CommandFailure`` that lists the ids when a name fits several, and the names when it fits none.
    static func find<Item>(
        _ given: String,
        in items: [Item],
        noun: String,
        id: (Item) -> ResourceID,
        name: (Item) -> String
    ) throws -> Item {
        if let wanted = ResourceID(given), let item = items.first(where: { id($0) == wanted }) { return item }
        let matches = items.filter { name($0) == given }
        if let match = matches.first, matches.count == 1 { return match }
        guard matches.isEmpty else {
            let ids = matches.map { "  \(id($0))" }.joined(separator: "\n")
            throw CommandFailure("\(matches.count) \(noun)s are named \"\(given)\"; say which by its id:\n\(ids)")
        }
        throw CommandFailure("there is no \(noun) \"\(given)\"", hint: known(items.map(name), noun: noun))
    }

    /// The one item there is, when nobody said which. Throws a failure that lists them otherwise.
    static func only<Item>(
        in items: [Item],
        noun: String,
        flag: String,
        id: (Item) -> ResourceID,
        name: (Item) -> String
    ) throws -> Item {
        if let item = items.first, items.count == 1 { return item }
        guard !items.isEmpty else {
            throw CommandFailure("there is no \(noun) that this key may use")
        }
        let lines = items.prefix(listed).map { "  \(id($0))  \(name($0))" }.joined(separator: "\n")
        let more = items.count > listed ? "\n  and \(items.count - listed) more" : ""
        throw CommandFailure.usage("say which \(noun) with \(flag):\n\(lines)\(more)")
    }

    private static let listed = 20

    private static func known(_ names: [String], noun: String) -> String? {
        guard !names.isEmpty else { return "there are no \(noun)s that this key may see" }
        let shown = names.sorted().prefix(listed).joined(separator: ", ")
        return "there is: \(shown)" + (names.count > listed ? ", and \(names.count - listed) more" : "")
    }
}
