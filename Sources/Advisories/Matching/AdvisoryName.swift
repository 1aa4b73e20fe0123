/// Which of a flaw's ids people know it by.
enum AdvisoryName {
    private static let prefixes = ["CVE-", "GHSA-", "MAL-", "PYSEC-", "GO-", "RUSTSEC-"]

    /// CVE before GHSA before others; of several CVEs the oldest.
    static func primary(of ids: [String]) -> String { ids.min(by: precedes) ?? "" }

    /// In that order.
    static func sorted(_ ids: [String]) -> [String] { ids.sorted(by: precedes) }

    private static func precedes(_ left: String, _ right: String) -> Bool {
        let (mine, other) = (rank(left), rank(right))
        guard mine == other else { return mine < other }
        guard mine == 0, let left = CVEIdentifier(left), let right = CVEIdentifier(right) else { return left < right }
        return left < right
    }

    private static func rank(_ id: String) -> Int { prefixes.firstIndex { id.hasPrefix($0) } ?? prefixes.count }
}
