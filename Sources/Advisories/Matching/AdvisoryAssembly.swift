/// Puts what matched for one package together, flaw by flaw.
struct AdvisoryAssembly {
    private var hits: [QueryEvaluation.Hit] = []
    /// Which hits each flaw has; sorted before use, which costs less than a dictionary of lists.
    private var places: [(flaw: Int, hit: Int)] = []

    /// Adds `hit`, which is about `flaws`.
    mutating func add(_ hit: QueryEvaluation.Hit, flaws: [Int]) {
        for flaw in flaws { places.append((flaw, hits.count)) }
        hits.append(hit)
    }

    /// The flaws of query number `query`, from the worst.
    mutating func matches(
        _ evaluation: QueryEvaluation,
        query: Int,
        advisory: (_ flaw: Int, [QueryEvaluation.Hit]) throws(AdvisoryError) -> Advisory
    ) throws(AdvisoryError) -> [AdvisoryMatch] {
        places.sort { $0.flaw == $1.flaw ? $0.hit < $1.hit : $0.flaw < $1.flaw }
        var found: [AdvisoryMatch] = []
        var start = 0
        while start < places.count {
            let flaw = places[start].flaw
            let end = places[start...].firstIndex { $0.flaw != flaw } ?? places.count
            let group = places[start..<end].map { hits[$0.hit] }
            found.append(match(evaluation, query, try advisory(flaw, group), group))
            start = end
        }
        // Numbers are moved about while sorting, not matches.
        let order = found.indices.sorted {
            let (left, right) = (found[$0].advisory, found[$1].advisory)
            return left.severity == right.severity ? left.id < right.id : left.severity > right.severity
        }
        return order.map { found[$0] }
    }

    private func match(
        _ evaluation: QueryEvaluation,
        _ query: Int,
        _ advisory: Advisory,
        _ group: [QueryEvaluation.Hit]
    ) -> AdvisoryMatch {
        func text(_ version: ArraySlice<UInt8>?) -> String? { version.map { String(decoding: $0, as: UTF8.self) } }
        let fixedIn = text(evaluation.fix(group))
        return AdvisoryMatch(
            query: query,
            advisory: advisory,
            fixedIn: fixedIn,
            lastAffected: fixedIn == nil ? text(group.lazy.compactMap(\.lastAffected).first) : nil,
            urgency: group.first { !$0.entry.urgency.isEmpty }?.entry.urgency
        )
    }
}
