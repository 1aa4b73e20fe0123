/// How old a snapshot is and what is in it.
public struct AdvisorySnapshotStatus: Sendable, Hashable {
    /// How many records there are about an ecosystem.
    public struct Count: Sendable, Hashable {
        /// `Debian:12`, `PyPI`.
        public var ecosystem: String
        /// Records that can match.
        public var records: Int
    }

    /// CISA's catalogue.
    public struct Catalog: Sendable, Hashable {
        /// `2025.08.25`.
        public var version: String
        /// As the catalogue states it.
        public var released: String
        /// How many CVEs it has.
        public var entries: Int
    }

    /// FIRST's scores.
    public struct Scores: Sendable, Hashable {
        /// `v2025.03.14`.
        public var model: String
        /// Of the day that they are for; nil when the file did not say.
        public var date: AdvisoryDate?
        /// How many CVEs have one.
        public var entries: Int
    }

    /// When the last import ended.
    public var importedAt: AdvisoryDate?
    /// The latest change of any record: how fresh the advisories are, whenever they were imported.
    public var newestModified: AdvisoryDate?
    /// Records that can match.
    public var records = 0
    /// Sorted by ecosystem.
    public var ecosystems: [Count] = []
    /// nil when no catalogue was imported.
    public var knownExploited: Catalog?
    /// nil when no scores were imported.
    public var epss: Scores?

    init(_ file: SnapshotFile) throws(AdvisoryError) {
        var meta: [String: String] = [:]
        try file.prepare("SELECT key, value FROM meta").forEach { row throws(AdvisoryError) in
            meta[row.text(0) ?? ""] = row.text(1)
        }
        func date(_ key: SnapshotSchema.Key) -> AdvisoryDate? {
            meta[key.rawValue].flatMap { Int64($0) }.map { AdvisoryDate(microseconds: $0) }.flatMap {
                $0.isKnown ? $0 : nil
            }
        }
        func count(_ sql: String) throws(AdvisoryError) -> Int {
            var count: Int64 = 0
            try file.prepare(sql).forEach { row throws(AdvisoryError) in count = row.integer(0) }
            return Int(count)
        }
        importedAt = date(.importedAt)
        newestModified = date(.newestModified)
        records = try count("SELECT COUNT(*) FROM record WHERE state = 0")
        let counts = try file.prepare("SELECT text, records FROM ecosystem WHERE records > 0 ORDER BY text")
        var found: [Count] = []
        try counts.forEach { row throws(AdvisoryError) in
            found.append(Count(ecosystem: row.text(0) ?? "", records: Int(row.integer(1))))
        }
        ecosystems = found
        if let version = meta[SnapshotSchema.Key.exploitedVersion.rawValue] {
            knownExploited = Catalog(
                version: version,
                released: meta[SnapshotSchema.Key.exploitedReleased.rawValue] ?? "",
                entries: try count("SELECT COUNT(*) FROM known_exploited")
            )
        }
        if let model = meta[SnapshotSchema.Key.epssModel.rawValue] {
            epss = Scores(model: model, date: date(.epssDate), entries: try count("SELECT COUNT(*) FROM epss"))
        }
    }
}
