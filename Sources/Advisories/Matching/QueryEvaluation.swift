/// Holds one package against what the snapshot has under its name.
struct QueryEvaluation {
    /// What one entry of a record says, where it says that the version is affected.
    final class Hit {
        let record: Int64
        let entry: PackedEntry
        /// The ranges that hold the version; none when it is listed alone.
        let ranges: [PackedRange]
        /// The smallest fix of each range.
        let fixes: [ArraySlice<UInt8>]
        let lastAffected: ArraySlice<UInt8>?
        /// Whether one of the ranges goes on above its fix.
        let comesBack: Bool

        init(
            _ entry: PackedEntry,
            record: Int64,
            ranges: [PackedRange],
            fixes: [ArraySlice<UInt8>],
            lastAffected: ArraySlice<UInt8>?,
            comesBack: Bool
        ) {
            self.record = record
            self.entry = entry
            self.ranges = ranges
            self.fixes = fixes
            self.lastAffected = lastAffected
            self.comesBack = comesBack
        }
    }

    let order: VersionOrderKind?
    private let version: ArraySlice<UInt8>
    private var probes: [VersionOrderKind: any VersionProbe] = [:]

    init(_ version: String, order: VersionOrderKind?) {
        self.order = order
        self.version = Array(version.utf8)[...]
        if let order { probes[order] = order.probe(self.version) }
    }

    /// Whether ranges can be evaluated for it.
    var isComparable: Bool { order.map { probes[$0] != nil } ?? false }

    /// What `entry` of the record in row `record` says; nil when the version is not affected. Source: OSV schema 1.7.5,
    /// "Evaluation": it stands in `versions`, or in any range.
    mutating func hit(_ entry: PackedEntry, record: Int64) -> Hit? {
        var ranges: [PackedRange] = []
        var fixes: [ArraySlice<UInt8>] = []
        var lastAffected: ArraySlice<UInt8>?
        var comesBack = false
        for range in entry.ranges {
            guard let probe = probe(range.order) else {
                // A version that cannot be read is affected where every version is.
                if range.isBoundless { ranges.append(range) }
                continue
            }
            let verdict = range.verdict(probe)
            guard verdict.isAffected else { continue }
            ranges.append(range)
            if let fixed = verdict.fixed { fixes.append(fixed) }
            lastAffected = verdict.lastAffected ?? lastAffected
            comesBack = comesBack || verdict.comesBack
        }
        guard !ranges.isEmpty || entry.versions.contains(version) else { return nil }
        return Hit(
            entry,
            record: record,
            ranges: ranges,
            fixes: fixes,
            lastAffected: lastAffected,
            comesBack: comesBack
        )
    }

    private mutating func probe(_ order: VersionOrderKind) -> (any VersionProbe)? {
        if let probe = probes[order] { return probe }
        let probe = order.probe(version)
        probes[order] = probe
        return probe
    }

    /// The smallest fix of `hits` that lies in none of their ranges; the greatest where each of them does, as when one record knows no
    /// fix and another one does.
    func fix(_ hits: [Hit]) -> ArraySlice<UInt8>? {
        if hits.count == 1, hits[0].fixes.count < 2 { return hits[0].fixes.first }
        var fixes: [ArraySlice<UInt8>] = []
        for hit in hits {
            for fix in hit.fixes where !fixes.contains(fix) { fixes.append(fix) }
        }
        guard fixes.count > 1, let order = hits.lazy.compactMap(\.ranges.first).first?.order else { return fixes.first }
        // Below the greatest fix lies every range that ends with its fix.
        guard hits.contains(where: \.comesBack) else { return QueryEvaluation.greatest(fixes, order.order) }
        let ranges = hits.flatMap(\.ranges)
        fixes = QueryEvaluation.sorted(fixes, order.order)
        let clean = fixes.first { fix in
            !ranges.contains { range in range.order.probe(fix).map { range.verdict($0).isAffected } ?? false }
        }
        return clean ?? fixes.last
    }

    private static func greatest<Order: VersionOrder>(
        _ fixes: [ArraySlice<UInt8>],
        _ order: Order
    ) -> ArraySlice<UInt8>? {
        var greatest: (fix: ArraySlice<UInt8>, key: Order.Key)?
        for fix in fixes {
            guard let key = order.key(fix) else { continue }
            if let known = greatest, order.compare(key, known.key) <= 0 { continue }
            greatest = (fix, key)
        }
        return greatest?.fix
    }

    private static func sorted(_ fixes: [ArraySlice<UInt8>], _ order: some VersionOrder) -> [ArraySlice<UInt8>] {
        fixes.compactMap { fix in order.key(fix).map { (fix, $0) } }
            .sorted { order.compare($0.1, $1.1) < 0 }.map(\.0)
    }
}
