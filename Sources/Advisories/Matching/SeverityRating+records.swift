extension SeverityRating {
    /// The best rating of `flaw`. What is said of it in this package comes before what is said of it elsewhere, and that before what a
    /// notice says of many flaws together; vectors before words among the first.
    init(
        _ flaw: SnapshotReader.Flaw,
        _ hits: [QueryEvaluation.Hit],
        records: [SnapshotReader.Record]
    ) {
        if let malicious = records.first(where: { $0.header.isMalicious }) {
            self.init(severity: .critical, source: malicious.name)
            return
        }
        var own: [SeverityRating] = []
        var bundled: [SeverityRating] = []
        func add(_ rating: SeverityRating?, by record: SnapshotReader.Record, isOwn: Bool) {
            guard var rating else { return }
            rating.source = record.name
            if isOwn { own.append(rating) } else { bundled.append(rating) }
        }
        var index = -1
        for (place, hit) in hits.enumerated() {
            let isFirst = place == 0 || hits[place - 1].record != hit.record
            if isFirst { index += 1 }
            let record = records[index]
            let isOwn = record.flaws.count == 1
            if isFirst { add(record.header.rating, by: record, isOwn: isOwn) }
            add(hit.entry.rating, by: record, isOwn: isOwn)
            for cve in hit.entry.cves where CVEIdentifier(cve.id)?.text == flaw.name {
                add(cve.rating, by: record, isOwn: true)
            }
        }
        self = SeverityRating.best(own) ?? flaw.known.rating ?? SeverityRating.best(bundled) ?? .unknown
    }
}
