/// What one entry of `affected` says, as a snapshot stores it under its package.
struct PackedEntry: Sendable {
    struct CVE: Sendable {
        let id: String
        let rating: SeverityRating?
    }

    /// Of this entry; nil when the record's own counts.
    var rating: SeverityRating?
    /// Debian's word: `unimportant`, `end-of-life`, …; empty when there is none.
    var urgency = ""
    /// Which CVEs a notice is about here; empty when the record's own count.
    var cves: [CVE] = []
    var ranges: [PackedRange] = []
    /// Versions that lie in none of the ranges.
    var versions: [ArraySlice<UInt8>] = []
}

extension PackedEntry {
    /// Packs `affected`, which is of `ecosystem`; nil when nothing is left that a version could match. Adds the ranges that had to
    /// be left out to `unusable`.
    init?(_ affected: OSVRecord.Affected, ecosystem: Ecosystem, source: String, unusable: inout Int) {
        guard affected.informational == nil else { return nil }
        for range in affected.ranges where range.type != "GIT" {
            // A SEMVER range of an ecosystem that is not known here is still SemVer.
            guard let order = ecosystem.order ?? (range.type == "SEMVER" ? .semver : nil),
                let packed = PackedRange(range, order: order)
            else {
                unusable += 1
                continue
            }
            ranges.append(packed)
        }
        versions = PackedEntry.outside(ranges, affected.versions)
        if ranges.isEmpty, versions.isEmpty { return nil }
        rating = SeverityRating(
            entries: affected.severity,
            words: [affected.urgency, affected.word],
            source: source
        )
        urgency = affected.urgency ?? ""
        cves = affected.cves.map {
            CVE(id: $0.id, rating: SeverityRating(entries: $0.severity, words: [], source: source))
        }
    }

    private static func outside(_ ranges: [PackedRange], _ versions: [String]) -> [ArraySlice<UInt8>] {
        var outside: [ArraySlice<UInt8>] = []
        for version in versions {
            let bytes = Array(version.utf8)[...]
            let isInside = ranges.contains { range in
                range.order.probe(bytes).map { range.verdict($0).isAffected } ?? false
            }
            if !isInside { outside.append(bytes) }
        }
        return outside
    }

    func write(to writer: inout PackedWriter) {
        writer.append(rating)
        writer.append(urgency)
        writer.append(cves.count)
        for cve in cves {
            writer.append(cve.id)
            writer.append(cve.rating)
        }
        writer.append(ranges.count)
        for range in ranges {
            writer.append(byte: range.order.rawValue)
            writer.append(range.events.count)
            for event in range.events {
                writer.append(byte: event.kind.rawValue)
                writer.append(event.version)
            }
        }
        writer.append(versions.count)
        for version in versions { writer.append(version) }
    }

    init(_ reader: inout PackedReader) throws(AdvisoryError) {
        rating = try reader.rating(source: "")
        urgency = try reader.string()
        for _ in 0..<(try reader.count()) {
            cves.append(CVE(id: try reader.string(), rating: try reader.rating(source: "")))
        }
        for _ in 0..<(try reader.count()) {
            let order = VersionOrderKind(rawValue: try reader.byte())
            var events: [PackedRange.Event] = []
            for _ in 0..<(try reader.count()) {
                let kind = OSVRecord.Event.Kind(rawValue: try reader.byte())
                let version = try reader.text()
                if let kind { events.append(PackedRange.Event(kind: kind, version: version)) }
            }
            if let order { ranges.append(PackedRange(order: order, events: events)) }
        }
        for _ in 0..<(try reader.count()) { versions.append(try reader.text()) }
    }
}
