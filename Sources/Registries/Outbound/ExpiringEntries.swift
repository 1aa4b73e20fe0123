/// Values that are good until a moment, at most `capacity` of them.
struct ExpiringEntries<Key: Hashable & Sendable, Value: Sendable>: Sendable {
    private struct Entry: Sendable {
        let value: Value
        let until: Duration
    }

    private let capacity: Int
    private var entries: [Key: Entry] = [:]

    init(capacity: Int) { self.capacity = capacity }

    /// The value of `key`, if it is still good at `now`.
    mutating func value(_ key: Key, at now: Duration) -> Value? {
        guard let entry = entries[key] else { return nil }
        guard entry.until > now else {
            entries[key] = nil
            return nil
        }
        return entry.value
    }

    /// Keeps a value; when there are too many, those go that are over, then those that end first.
    mutating func keep(_ value: Value, for key: Key, until: Duration, at now: Duration) {
        guard until > now else { return }
        entries[key] = Entry(value: value, until: until)
        guard entries.count > capacity else { return }
        entries = entries.filter { $0.value.until > now }
        // A quarter at once, so that a full store does not sort for every entry.
        let excess = entries.count - capacity * 3 / 4
        guard excess > 0 else { return }
        for (key, _) in entries.sorted(by: { $0.value.until < $1.value.until }).prefix(excess) { entries[key] = nil }
    }

    /// Forgets a value.
    mutating func remove(_ key: Key) { entries[key] = nil }
}
