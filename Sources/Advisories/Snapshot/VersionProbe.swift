/// A version that is held against many others of the same order.
protocol VersionProbe {
    /// Below 0 when the version is older than `version`, above 0 when it is newer; nil when `version` cannot be read.
    func compared(to version: ArraySlice<UInt8>) -> Int?
}

private struct OrderedProbe<Order: VersionOrder>: VersionProbe {
    let order: Order
    let key: Order.Key

    init?(_ version: ArraySlice<UInt8>, order: Order) {
        guard let key = order.key(version) else { return nil }
        self.order = order
        self.key = key
    }

    func compared(to version: ArraySlice<UInt8>) -> Int? {
        guard let other = order.key(version) else { return nil }
        return order.compare(key, other)
    }
}

extension VersionOrderKind {
    /// A probe for `version`; nil when the order cannot read it.
    func probe(_ version: ArraySlice<UInt8>) -> (any VersionProbe)? { VersionOrderKind.probe(version, order) }

    private static func probe(_ version: ArraySlice<UInt8>, _ order: some VersionOrder) -> (any VersionProbe)? {
        OrderedProbe(version, order: order)
    }
}
