import Inventory

extension ReportCompleteness {
    /// The block of completeness as names and values, for forms that have no place of their own for it.
    public var statements: [(name: String, value: String)] {
        var statements: [(name: String, value: String)] = [
            ("layers", "\(layersDone) of \(layersTotal)"),
            ("bytes", "\(bytesRead) of \(bytesTotal)"),
        ]
        statements += incompleteLayers.map { ("incomplete-layer", "\($0.digest): \($0.reason)") }
        if let incompleteMerge { statements.append(("incomplete-file-system", incompleteMerge)) }
        statements += unreadable.map { ("unreadable-file", "\($0.path): \($0.reason)") }
        statements += ecosystems.map { ecosystem in
            let knowledge = ecosystem.hasAdvisories ? "with advisories" : "without advisories: unknown, not clean"
            return ("ecosystem", "\(ecosystem.name): \(ecosystem.packages) packages, \(knowledge)")
        }
        if uncomparable > 0 { statements.append(("uncomparable-packages", "\(uncomparable)")) }
        statements.append(("advisories", advisories.map(\.text) ?? "none"))
        if let endOfLife {
            statements.append(("end-of-life", endOfLife.date + (endOfLife.hasPassed ? ", passed" : "")))
        }
        return statements
    }
}

extension ReportCompleteness.Advisories {
    /// `12,345 records, the newest of 2026-11-20, 4 days old`.
    public var text: String {
        guard let newestRecordAt, let ageInDays else { return "\(records) records of unknown age" }
        return "\(records) records, the newest of \(newestRecordAt.prefix(10)), \(ageInDays) days old"
    }
}
