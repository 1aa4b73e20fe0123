/// Numbers the flaws of a snapshot, and writes what is known of each beside its records.
struct AdvisoryWriter {
    private let file: SnapshotFile
    private let assignment: SnapshotStatement
    private let insert: SnapshotStatement
    private let exploited: SnapshotStatement
    private let epss: SnapshotStatement
    private var numbers: [String: Int] = [:]
    private var names: [String] = []
    private var aliases: [Int: [String]] = [:]

    init(_ file: SnapshotFile) throws(AdvisoryError) {
        self.file = file
        try file.execute("DELETE FROM advisory")
        assignment = try file.prepare("UPDATE record SET advisories = ? WHERE id = ?")
        insert = try file.prepare("INSERT INTO advisory (id, name, packed) VALUES (?, ?, ?)")
        exploited = try file.prepare("SELECT added, due, ransomware, name FROM known_exploited WHERE cve = ?")
        epss = try file.prepare("SELECT score, percentile FROM epss WHERE cve = ?")
    }

    /// Notes that the record in `row` is about `flaws`.
    mutating func assign(_ flaws: [String], to row: Int64) throws(AdvisoryError) {
        var packed = PackedWriter()
        for flaw in flaws { packed.append(number(of: flaw)) }
        try assignment.run(.bytes(packed.bytes), .integer(row))
    }

    /// Notes every id of `flaw`.
    mutating func setAliases(_ ids: [String], of flaw: String) {
        let number = number(of: flaw)
        guard ids.count > 1, aliases[number] == nil else { return }
        aliases[number] = AdvisoryName.sorted(ids.filter { $0 != flaw })
    }

    private mutating func number(of flaw: String) -> Int {
        if let number = numbers[flaw] { return number }
        let number = names.count
        numbers[flaw] = number
        names.append(flaw)
        return number
    }

    /// Writes every flaw.
    func finish(_ ratings: [String: SeverityRating]) throws(AdvisoryError) {
        for (number, name) in names.enumerated() {
            var advisory = PackedAdvisory(aliases: aliases[number] ?? [], rating: ratings[name])
            for cve in ([name] + advisory.aliases).compactMap({ CVEIdentifier($0) }) {
                try addExploited(cve, to: &advisory)
                try addScore(cve, to: &advisory)
            }
            try insert.run(.integer(Int64(number)), .text(name), .bytes(advisory.packed))
        }
    }

    private func addExploited(_ cve: CVEIdentifier, to advisory: inout PackedAdvisory) throws(AdvisoryError) {
        guard advisory.knownExploited == nil else { return }
        var found: Advisory.KnownExploited?
        try exploited.forEach([.integer(cve.key)]) { row throws(AdvisoryError) in
            found = Advisory.KnownExploited(
                added: row.text(0) ?? "",
                due: row.text(1) ?? "",
                isUsedByRansomware: row.integer(2) == 1,
                name: row.text(3) ?? ""
            )
        }
        advisory.knownExploited = found
    }

    /// Of several CVEs the likeliest counts.
    private func addScore(_ cve: CVEIdentifier, to advisory: inout PackedAdvisory) throws(AdvisoryError) {
        var found: Advisory.EPSS?
        try epss.forEach([.integer(cve.key)]) { row throws(AdvisoryError) in
            found = Advisory.EPSS(score: row.real(0) ?? 0, percentile: row.real(1))
        }
        if let found, found.score > advisory.epss?.score ?? -1 { advisory.epss = found }
    }
}
