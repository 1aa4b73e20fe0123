/// Which part of a list is asked for.
public struct Page: Sendable, Equatable {
    /// Counted from 1.
    public let number: Int
    /// Items on a page.
    public let size: Int

    /// The page `number` of pages of `size` items.
    public init(number: Int, size: Int) {
        self.number = number
        self.size = size
    }

    var limit: SQLValue { .integer(Int64(size)) }
    var offset: SQLValue {
        // A page number from outside may be anything up to Int.max.
        let (offset, overflow) = (Int64(number) - 1).multipliedReportingOverflow(by: Int64(size))
        return .integer(overflow ? Int64.max : offset)
    }
}

/// One page of a list, and how long the whole list is.
public struct Listing<Item: Sendable>: Sendable {
    /// The items of the page.
    public let items: [Item]
    /// The length of the whole list, at the moment of the page.
    public let total: Int

    /// A page of `items` out of `total`.
    public init(items: [Item], total: Int) {
        self.items = items
        self.total = total
    }

    /// The same page with every item changed.
    public func map<Other: Sendable>(_ change: (Item) throws -> Other) rethrows -> Listing<Other> {
        Listing<Other>(items: try items.map(change), total: total)
    }
}
