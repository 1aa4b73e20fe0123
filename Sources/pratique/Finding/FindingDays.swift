/// The numbers of findings of some days, as the server tells them.
struct FindingDays: Decodable, Sendable {
    struct Day: Decodable, Sendable {
        let day: String
        let vulnCounts: [String: Int]
        let open: Int
        let resolved: Int
        let ignored: Int
        let images: Int
        let incompleteImages: Int

        /// Before the first result there is nothing to count.
        var isKnown: Bool { images > 0 }
    }

    let from: String
    let to: String
    /// The earliest first.
    let days: [Day]
    let completeness: FindingPage.Completeness

    private static let severities = ["critical", "high", "medium", "low", "negligible", "unknown"]

    private static let columns: [(name: String, count: @Sendable (Day) -> Int)] =
        severities.map { word in (word, { $0.vulnCounts[word] ?? 0 }) } + [
            ("open", \.open), ("resolved", \.resolved), ("ignored", \.ignored), ("images", \.images),
            ("incomplete", \.incompleteImages),
        ]

    /// A line for each number: what it was, what it is, and how it went between.
    var trends: Table {
        let rows = Self.columns.map { name, count in
            let known = days.filter(\.isKnown).map(count)
            let (before, now) = (
                days.first.map { Self.text($0, count) } ?? "", days.last.map { Self.text($0, count) } ?? ""
            )
            let change = (known.last ?? 0) - (known.first ?? 0)
            return [
                name, before, now, change > 0 ? "+\(change)" : "\(change)",
                Trend(days.map { $0.isKnown ? count($0) : nil }).text,
            ]
        }
        return Table(header: ["FINDINGS", from, to, "CHANGE", "TREND"], rows: rows)
    }

    /// A line for each day.
    var table: Table {
        Table(
            header: ["DAY"] + Self.columns.map { $0.name.uppercased() },
            rows: days.map { day in [day.day] + Self.columns.map { Self.text(day, $0.count) } }
        )
    }

    private static func text(_ day: Day, _ count: (Day) -> Int) -> String { day.isKnown ? "\(count(day))" : "" }
}
