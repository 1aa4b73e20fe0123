/// One flaw, with what all records that matched say of it. It never changes, and many matches share one.
public final class Advisory: Sendable {
    /// Where to read about it.
    public struct Reference: Sendable, Hashable {
        /// OSV's word: `ADVISORY`, `FIX`, `WEB`, …
        public var type: String
        /// As the record has it, whatever it is: check it before it becomes a link.
        public var url: String

        /// A reference.
        public init(type: String, url: String) {
            self.type = type
            self.url = url
        }
    }

    /// What CISA says of a flaw that is exploited.
    public struct KnownExploited: Sendable, Hashable {
        /// YYYY-MM-DD.
        public var added: String
        /// YYYY-MM-DD, by when federal agencies of the USA must have acted.
        public var due: String
        /// Whether ransomware is known to use it.
        public var isUsedByRansomware: Bool
        /// For people.
        public var name: String

        /// An entry of the catalogue.
        public init(added: String, due: String, isUsedByRansomware: Bool, name: String) {
            self.added = added
            self.due = due
            self.isUsedByRansomware = isUsedByRansomware
            self.name = name
        }
    }

    /// How likely it is to be exploited in the next 30 days.
    public struct EPSS: Sendable, Hashable {
        /// 0 to 1.
        public var score: Double
        /// 0 to 1: the part of all CVEs that score lower; nil in the first files.
        public var percentile: Double?

        /// A score.
        public init(score: Double, percentile: Double?) {
            self.score = score
            self.percentile = percentile
        }
    }

    /// The CVE, or GHSA, or whatever it is known by.
    public let id: String
    /// Every other id of it, the records that matched included.
    public let aliases: [String]
    /// The ids of the records that matched.
    public let records: [String]
    /// The best that is known, and who says so.
    public let rating: SeverityRating
    /// nil when it does not stand in the catalogue.
    public let knownExploited: KnownExploited?
    /// nil when it has no score.
    public let epss: EPSS?
    /// The earliest that a record states.
    public let published: AdvisoryDate?
    /// The latest.
    public let modified: AdvisoryDate?
    /// One line; empty when no record has one.
    public let summary: String
    /// `CWE-79`, …
    public let cwes: [String]
    /// Whether the package itself is malicious.
    public let isMalicious: Bool

    /// Of each record, packed.
    private let packedReferences: [ArraySlice<UInt8>]

    /// Of all records, without repetition, at most 40. Unpacked at every call.
    public var references: [Reference] {
        var references: [Reference] = []
        for packed in packedReferences {
            for reference in PackedHeader.unpack(packed)
            where references.count < OSVLimits.references && !references.contains(where: { $0.url == reference.url }) {
                references.append(reference)
            }
        }
        return references
    }

    /// The word of the rating.
    public var severity: Severity { rating.severity }

    /// `flaw` as `records` state it, each of which gave one of `hits` or more, in the same order.
    init(_ flaw: SnapshotReader.Flaw, _ hits: [QueryEvaluation.Hit], records: [SnapshotReader.Record]) {
        var names: [String] = []
        var aliases = flaw.known.aliases
        var cwes: [String] = []
        for record in records {
            if !names.contains(record.name) { names.append(record.name) }
            if record.name != flaw.name, !aliases.contains(record.name) { aliases.append(record.name) }
            for cwe in record.header.cwes where !cwes.contains(cwe) { cwes.append(cwe) }
        }
        id = flaw.name
        self.aliases = aliases
        self.records = names
        self.cwes = cwes
        rating = SeverityRating(flaw, hits, records: records)
        knownExploited = flaw.known.knownExploited
        epss = flaw.known.epss
        published = records.compactMap(\.header.published).min()
        modified = records.map(\.modified).filter(\.isKnown).max()
        summary = records.lazy.map(\.header.summary).first { !$0.isEmpty } ?? ""
        packedReferences = records.map(\.header.references)
        isMalicious = records.contains { $0.header.isMalicious }
    }
}
