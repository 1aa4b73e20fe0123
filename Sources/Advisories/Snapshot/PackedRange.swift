/// One range of a record, its events in the ecosystem's order.
struct PackedRange: Sendable {
    struct Event: Sendable {
        let kind: OSVRecord.Event.Kind
        /// Empty for the `introduced` that comes before every version.
        let version: ArraySlice<UInt8>
    }

    let order: VersionOrderKind
    /// The limits, then what is introduced before every version, then the rest by version and kind.
    let events: [Event]

    /// As it was stored.
    init(order: VersionOrderKind, events: [Event]) {
        self.order = order
        self.events = events
    }

    /// Sorts the events of `range`; nil when it is of no use: a GIT range, one that introduces nothing, one with a version that the
    /// ecosystem's grammar refuses.
    init?(_ range: OSVRecord.Range, order kind: VersionOrderKind) {
        guard range.type != "GIT", range.events.contains(where: { $0.kind == .introduced }) else { return nil }
        guard let events = PackedRange.sorted(range.events, by: kind.order) else { return nil }
        self.init(order: kind, events: events)
    }

    private static func sorted<Order: VersionOrder>(_ events: [OSVRecord.Event], by order: Order) -> [Event]? {
        var front: [Event] = []
        var rest: [(event: Event, key: Order.Key)] = []
        let isUnlimited = events.contains { $0.kind == .limit && $0.version == "*" }
        for event in events {
            let version = Array(event.version.utf8)[...].trimmed
            if event.kind == .introduced, event.version == "0" {
                front.append(Event(kind: .introduced, version: []))
            } else if event.kind == .limit, isUnlimited {
                continue
            } else {
                guard let key = order.key(version), order.accepts(version) || event.version == "0" else { return nil }
                if event.kind == .limit {
                    front.insert(Event(kind: .limit, version: version), at: 0)
                } else {
                    rest.append((Event(kind: event.kind, version: version), key))
                }
            }
        }
        rest.sort { left, right in
            let compared = order.compare(left.key, right.key)
            return compared != 0 ? compared < 0 : left.event.kind.rawValue < right.event.kind.rawValue
        }
        return front + rest.map(\.event)
    }
}

extension PackedRange {
    /// What a range says of a version.
    struct Verdict {
        var isAffected = false
        /// The smallest `fixed` above the version.
        var fixed: ArraySlice<UInt8>?
        /// The `last_affected` at or above it.
        var lastAffected: ArraySlice<UInt8>?
        /// Whether the flaw comes back in a version above that.
        var comesBack = false
    }

    /// Evaluates the range for the version behind `probe`. Source: OSV schema 1.7.5, "Evaluation".
    func verdict(_ probe: any VersionProbe) -> Verdict {
        var verdict = Verdict()
        var limits = 0
        var limitsReached = 0
        for (index, event) in events.enumerated() {
            if event.kind == .limit {
                limits += 1
                if (probe.compared(to: event.version) ?? -1) >= 0 { limitsReached += 1 }
                continue
            }
            if limits > 0, limitsReached == limits { return Verdict() }
            let order = event.version.isEmpty ? 1 : probe.compared(to: event.version) ?? 1
            if order < 0 || (order == 0 && event.kind == .lastAffected) {
                // Everything from here on lies above the version.
                guard verdict.isAffected else { return verdict }
                let end = events[index...].firstIndex { $0.kind == .fixed || $0.kind == .lastAffected }
                guard let end else { return verdict }
                verdict.fixed = events[end].kind == .fixed ? events[end].version : nil
                verdict.lastAffected = events[end].kind == .lastAffected ? events[end].version : nil
                verdict.comesBack = events[end...].contains { $0.kind == .introduced }
                return verdict
            }
            verdict.isAffected = event.kind == .introduced
        }
        return verdict
    }

    /// Whether it holds every version there is, so that one that cannot be read lies in it too.
    var isBoundless: Bool { events.allSatisfy { $0.kind == .introduced && $0.version.isEmpty } }
}
