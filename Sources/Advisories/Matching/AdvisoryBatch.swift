/// The work of one call of ``AdvisoryDatabase/match(_:)``: what several packages need is read once.
struct AdvisoryBatch {
    private let reader: SnapshotReader
    private var targets: [String: Target] = [:]
    private var records: [Int64: SnapshotReader.Record] = [:]
    private var flaws: [Int: SnapshotReader.Flaw] = [:]
    private var advisories: [Statement: Advisory] = [:]

    /// A flaw as some records state it.
    private struct Statement: Hashable {
        let flaw: Int
        let row: Int64
        /// Of further records.
        let rows: [Int64]
    }

    /// Where the records for a query's ecosystem are.
    private struct Target {
        let ecosystem: Ecosystem
        let ids: [Int64]
    }

    private struct Answer {
        /// Where the matches stand in the result.
        var matches = 0..<0
        var isComparable = true
    }

    init(_ reader: SnapshotReader) { self.reader = reader }

    mutating func match(_ queries: [AdvisoryQuery]) throws(AdvisoryError) -> AdvisoryMatches {
        var result = AdvisoryMatches()
        // Binary packages of one source ask the same question.
        var answers: [AdvisoryQuery: Answer] = [:]
        for (index, query) in queries.enumerated() {
            let answer: Answer
            if let known = answers[query] {
                answer = known
                // By index: a slice would share the list, and the first append would copy all of it.
                for place in known.matches {
                    var match = result.matches[place]
                    match.query = index
                    result.matches.append(match)
                }
            } else {
                let start = result.matches.count
                let isComparable = try match(query, index, into: &result.matches)
                answer = Answer(matches: start..<result.matches.count, isComparable: isComparable)
                answers[query] = answer
            }
            if !answer.isComparable { result.uncomparable.append(index) }
        }
        result.ecosystemsWithoutAdvisories = targets.filter { $0.value.ids.isEmpty }.keys.sorted()
        return result
    }

    private mutating func target(_ text: String) -> Target {
        if let target = targets[text] { return target }
        let ecosystem = Ecosystem(text)
        let ids = reader.ecosystems.filter { ecosystem.covers($0.ecosystem) }.map(\.id)
        let target = Target(ecosystem: ecosystem, ids: ids)
        targets[text] = target
        return target
    }

    /// Appends what matches `query` to `matches`; false when its version cannot be compared.
    private mutating func match(
        _ query: AdvisoryQuery,
        _ index: Int,
        into matches: inout [AdvisoryMatch]
    ) throws(AdvisoryError) -> Bool {
        let target = target(query.ecosystem)
        var evaluation = QueryEvaluation(query.version, order: target.ecosystem.order)
        var hits: [QueryEvaluation.Hit] = []
        let name = target.ecosystem.normalized(name: query.name)
        try reader.entries(name, in: target.ids) { record, packed throws(AdvisoryError) in
            var packed = PackedReader(packed)
            while !packed.isAtEnd {
                if let hit = evaluation.hit(try PackedEntry(&packed), record: record) { hits.append(hit) }
            }
        }
        guard !hits.isEmpty else { return evaluation.isComparable }
        var assembly = AdvisoryAssembly()
        for hit in hits { assembly.add(hit, flaws: try flaws(of: hit)) }
        matches += try assembly.matches(evaluation, query: index) { flaw, hits throws(AdvisoryError) in
            try advisory(flaw, hits)
        }
        return evaluation.isComparable
    }

    /// Which flaws a hit is about: those that its entry names, else those of its record.
    private mutating func flaws(of hit: QueryEvaluation.Hit) throws(AdvisoryError) -> [Int] {
        var named: [Int] = []
        for cve in hit.entry.cves.compactMap({ CVEIdentifier($0.id)?.text }) {
            if let number = try reader.number(of: cve), !named.contains(number) { named.append(number) }
        }
        return named.isEmpty ? try record(hit.record).flaws : named
    }

    private mutating func advisory(_ flaw: Int, _ hits: [QueryEvaluation.Hit]) throws(AdvisoryError) -> Advisory {
        // Where an entry rates the flaw itself, the next package's may rate it otherwise.
        let isShared = hits.allSatisfy { $0.entry.rating == nil && $0.entry.cves.isEmpty }
        let rows = hits.count == 1 ? [] : hits.dropFirst().map(\.record)
        let statement = Statement(flaw: flaw, row: hits[0].record, rows: rows)
        if isShared, let advisory = advisories[statement] { return advisory }
        var records: [SnapshotReader.Record] = []
        for (index, hit) in hits.enumerated() where index == 0 || hits[index - 1].record != hit.record {
            records.append(try record(hit.record))
        }
        let advisory = Advisory(try self.flaw(flaw), hits, records: records)
        if isShared { advisories[statement] = advisory }
        return advisory
    }

    private mutating func record(_ row: Int64) throws(AdvisoryError) -> SnapshotReader.Record {
        if let record = records[row] { return record }
        let record = try reader.record(row)
        records[row] = record
        return record
    }

    private mutating func flaw(_ number: Int) throws(AdvisoryError) -> SnapshotReader.Flaw {
        if let flaw = flaws[number] { return flaw }
        let flaw = try reader.flaw(number)
        flaws[number] = flaw
        return flaw
    }
}
