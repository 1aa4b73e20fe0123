/// Puts all records about one flaw under one id, when an import ends.
///
/// Aliases are symmetric and transitive: records that name one another, however far, are one flaw. Records that name CVEs
/// (a distribution's) stay out of that, since a notice may be about many; they are found under each of their CVEs.
/// Source: OSV schema 1.7.5, "aliases field" and "upstream field".
struct AdvisoryGrouping {
    /// More ids than this in one flaw come from a mistake in somebody's aliases; each record then stands for itself.
    private static let maximumIdentifiers = 100

    private var numbers: [String: Int] = [:]
    private var names: [String] = []
    /// Parent of each id in its tree; a root is its own.
    private var parents: [Int] = []
    /// The best rating of each flaw, by records that are about it alone.
    private var ratings: [String: SeverityRating] = [:]
    /// Records with aliases, by their row.
    private var members: [(row: Int64, id: Int, rating: SeverityRating?)] = []
    /// Records with CVEs, by their row.
    private var notices: [(row: Int64, cves: [String])] = []

    /// Groups the records of `file` anew.
    static func write(to file: SnapshotFile) throws(AdvisoryError) {
        var grouping = AdvisoryGrouping()
        let records = try file.prepare("SELECT id, name, header FROM record WHERE state = 0")
        try records.forEach { row throws(AdvisoryError) in
            let name = row.text(1) ?? ""
            let header = try PackedHeader(packed: row.bytes(2), source: name, isBrief: true)
            grouping.add(row: row.integer(0), name: name, header: header)
        }
        try grouping.store(in: file)
    }

    private mutating func add(row: Int64, name: String, header: PackedHeader) {
        guard header.cves.isEmpty else {
            notices.append((row, header.cves))
            // What a notice says of many flaws at once says little of each.
            if header.cves.count == 1 { rate(header.cves[0], header.rating) }
            return
        }
        let id = number(of: name)
        for alias in header.aliases { join(id, number(of: alias)) }
        members.append((row, id, header.rating))
    }

    private mutating func rate(_ id: String, _ rating: SeverityRating?) {
        guard let rating else { return }
        ratings[id] = SeverityRating.best([rating, ratings[id]].compactMap { $0 })
    }

    private mutating func number(of name: String) -> Int {
        if let number = numbers[name] { return number }
        let number = names.count
        numbers[name] = number
        names.append(name)
        parents.append(number)
        return number
    }

    private mutating func root(of id: Int) -> Int {
        var id = id
        while parents[id] != id {
            parents[id] = parents[parents[id]]
            id = parents[id]
        }
        return id
    }

    private mutating func join(_ left: Int, _ right: Int) {
        let left = root(of: left)
        let right = root(of: right)
        if left != right { parents[max(left, right)] = min(left, right) }
    }

    private mutating func store(in file: SnapshotFile) throws(AdvisoryError) {
        var groups: [Int: [String]] = [:]
        for id in names.indices { groups[root(of: id), default: []].append(names[id]) }
        groups = groups.filter { $0.value.count <= AdvisoryGrouping.maximumIdentifiers }
        var writer = try AdvisoryWriter(file)
        for member in members {
            let group = groups[root(of: member.id)] ?? [names[member.id]]
            let primary = AdvisoryName.primary(of: group)
            try writer.assign([primary], to: member.row)
            writer.setAliases(group, of: primary)
            rate(primary, member.rating)
            // A distribution that names another CVE of the same flaw finds the rating there too.
            for id in group where id != primary && CVEIdentifier(id) != nil { rate(id, member.rating) }
        }
        for notice in notices { try writer.assign(notice.cves, to: notice.row) }
        try writer.finish(ratings)
    }
}
