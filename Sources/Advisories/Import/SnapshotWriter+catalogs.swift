extension SnapshotWriter {
    /// Takes `catalog` in whole, in the place of an older one; false when the snapshot has a newer one.
    func replace(_ catalog: KnownExploitedCatalog) throws(AdvisoryError) -> Bool {
        // Versions are dates: 2025.08.25.
        if let version = try meta(.exploitedVersion), version > catalog.version { return false }
        try file.execute("DELETE FROM known_exploited")
        let insert = try file.prepare("INSERT OR REPLACE INTO known_exploited VALUES (?, ?, ?, ?, ?)")
        for entry in catalog.entries {
            try insert.run(
                .integer(entry.cve.key),
                .text(entry.added),
                .text(entry.due),
                .integer(entry.isUsedByRansomware ? 1 : 0),
                .text(entry.name)
            )
        }
        try setMeta(.exploitedVersion, catalog.version)
        try setMeta(.exploitedReleased, catalog.released)
        return true
    }

    /// Takes `scores` in whole, in the place of older ones; false when the snapshot has those of a later day.
    func replace(_ scores: EPSSScores) throws(AdvisoryError) -> Bool {
        if let stored = try meta(.epssDate) {
            let day = Int64(stored) ?? Int64.min
            if day > scores.date?.microseconds ?? Int64.min { return false }
        }
        try file.execute("DELETE FROM epss")
        let insert = try file.prepare("INSERT OR REPLACE INTO epss VALUES (?, ?, ?)")
        for row in scores.rows {
            try insert.run(.integer(row.cve.key), .real(row.score), row.percentile.map { .real($0) } ?? .null)
        }
        try setMeta(.epssModel, scores.model)
        try setMeta(.epssDate, scores.date.map { String($0.microseconds) } ?? "")
        return true
    }

    func meta(_ key: SnapshotSchema.Key) throws(AdvisoryError) -> String? {
        var value: String?
        try file.prepare("SELECT value FROM meta WHERE key = ?").forEach([.text(key.rawValue)]) {
            row throws(AdvisoryError) in value = row.text(0)
        }
        return value
    }

    func setMeta(_ key: SnapshotSchema.Key, _ value: String) throws(AdvisoryError) {
        try file.prepare("INSERT OR REPLACE INTO meta VALUES (?, ?)").run(.text(key.rawValue), .text(value))
    }

    /// How far the clocks of others may be ahead: a day, in microseconds.
    private static let clockSlack: Int64 = 86_400_000_000

    /// Ends an import: groups the records, counts them, and notes the time.
    func finish(at date: AdvisoryDate) throws(AdvisoryError) {
        try AdvisoryGrouping.write(to: file)
        try file.execute(
            """
            UPDATE ecosystem SET records = 0;
            UPDATE ecosystem SET records = counted.records
            FROM (SELECT ecosystem AS id, COUNT(DISTINCT record) AS records FROM affected GROUP BY ecosystem) AS counted
            WHERE counted.id = ecosystem.id;
            """
        )
        // Dates of the future occur; they would make old advisories look fresh.
        let latest = date.microseconds.addingReportingOverflow(SnapshotWriter.clockSlack).partialValue
        var newest = Int64.min
        try file.prepare("SELECT MAX(modified) FROM record WHERE modified <= ?").forEach([.integer(latest)]) {
            row throws(AdvisoryError) in newest = row.integer(0)
        }
        try setMeta(.newestModified, String(newest))
        try setMeta(.importedAt, String(date.microseconds))
    }
}
