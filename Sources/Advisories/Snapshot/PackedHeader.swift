/// What a record says whatever package it is about, as a snapshot stores it once.
struct PackedHeader: Sendable {
    /// The CVEs that a distribution's record is about; empty for other records, which have aliases.
    var cves: [String] = []
    /// Ids of the same flaw.
    var aliases: [String] = []
    var published: AdvisoryDate?
    /// Of the record as a whole.
    var rating: SeverityRating?
    var cwes: [String] = []
    var summary = ""
    /// ``Advisory/Reference``s, packed: they are most of a record, and few are ever looked at.
    var references: ArraySlice<UInt8> = []
    /// Whether the record tells of malicious code.
    var isMalicious = false
}

extension PackedHeader {
    init(_ record: OSVRecord) {
        isMalicious = record.id.hasPrefix("MAL-")
        cves = PackedHeader.cves(of: record)
        aliases = cves.isEmpty ? record.aliases.filter { $0.utf8.count <= OSVLimits.nameInBytes } : []
        published = record.published.flatMap { $0.isKnown ? $0 : nil }
        rating =
            isMalicious
            ? SeverityRating(severity: .critical, source: record.id)
            : SeverityRating(entries: record.severity, words: [record.word], title: record.summary, source: record.id)
        cwes = record.cwes
        summary = record.summary
        references = PackedHeader.pack(record.references)
    }

    /// The CVEs of a record that is about other records: a distribution's, by its own id or by what it names in any of the three
    /// lists, or one that has an upstream and no alias. Empty for a record that is a flaw's own.
    static func cves(of record: OSVRecord) -> [String] {
        let isDistribution = record.affected.contains {
            $0.package.map { Ecosystem($0.ecosystem).isDistribution } ?? false
        }
        let named: [String]
        if isDistribution {
            // UBUNTU-CVE-2024-1 is about that CVE alone, whatever it lists.
            if let own = CVEIdentifier(record.id) { return [own.text] }
            named = record.upstream + record.aliases + record.related
        } else {
            guard CVEIdentifier(record.id) == nil, !record.aliases.contains(where: { CVEIdentifier($0) != nil }) else {
                return []
            }
            named = record.upstream
        }
        var seen: Set<String> = []
        return named.compactMap { CVEIdentifier($0)?.text }.filter { seen.insert($0).inserted }
    }

    var packed: [UInt8] {
        var writer = PackedWriter()
        writer.append(cves)
        writer.append(aliases)
        writer.append(published)
        writer.append(rating)
        writer.append(byte: isMalicious ? 1 : 0)
        writer.append(cwes)
        writer.append(summary)
        writer.append(references)
        return writer.bytes
    }

    /// Reads what ``packed`` wrote; only the ids and ratings when `isBrief`.
    init(packed: [UInt8], source: String, isBrief: Bool = false) throws(AdvisoryError) {
        var reader = PackedReader(packed)
        cves = try reader.strings()
        aliases = try reader.strings()
        published = try reader.date()
        rating = try reader.rating(source: source)
        isMalicious = try reader.byte() == 1
        if isBrief { return }
        cwes = try reader.strings()
        summary = try reader.string()
        references = try reader.text()
    }

    private static func pack(_ references: [Advisory.Reference]) -> ArraySlice<UInt8> {
        var writer = PackedWriter()
        for reference in references {
            writer.append(reference.type)
            writer.append(reference.url)
        }
        return writer.bytes[...]
    }

    /// What ``references`` holds, up to where it is damaged.
    static func unpack(_ references: ArraySlice<UInt8>) -> [Advisory.Reference] {
        var reader = PackedReader(references)
        var unpacked: [Advisory.Reference] = []
        // They are for people to read on: a flaw with fewer of them is still the flaw, and the rest of its record was read.
        while !reader.isAtEnd, let type = try? reader.string(), let url = try? reader.string() {
            unpacked.append(Advisory.Reference(type: type, url: url))
        }
        return unpacked
    }
}
