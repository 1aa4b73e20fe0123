/// A severity and what it rests on.
public struct SeverityRating: Sendable, Hashable {
    /// In a word.
    public var severity: Severity
    /// The vector that it was computed from; nil when a word said it.
    public var cvss: CVSS?
    /// The id of the record that states it; empty when nothing does.
    public var source: String

    /// A rating.
    public init(severity: Severity, cvss: CVSS? = nil, source: String) {
        self.severity = severity
        self.cvss = cvss
        self.source = source
    }

    /// Nobody has said.
    public static let unknown = SeverityRating(severity: .unknown, source: "")

    /// The better of the ratings: a vector before a word, the newest version of CVSS, then the highest.
    static func best(_ ratings: [SeverityRating]) -> SeverityRating? {
        ratings.max { left, right in
            guard let mine = left.cvss, let other = right.cvss else {
                return (left.cvss != nil ? 1 : 0, left.severity) < (right.cvss != nil ? 1 : 0, right.severity)
            }
            return (mine.version, mine.score) < (other.version, other.score)
        }
    }
}

extension SeverityRating {
    /// What `entries` and then `words` say; nil when none of them can be read. A malformed vector leaves the words.
    init?(entries: [OSVRecord.SeverityEntry], words: [String?], title: String = "", source: String) {
        var ratings = entries.compactMap { CVSS($0.score) }
            .map { SeverityRating(severity: $0.severity, cvss: $0, source: source) }
        if ratings.isEmpty {
            // Ubuntu's word stands among the vectors.
            let said = (entries.map(\.score) + words.compactMap { $0 }).lazy.compactMap { Severity(word: $0) }.first
            guard let severity = said ?? Severity(title: title) else { return nil }
            ratings = [SeverityRating(severity: severity, source: source)]
        }
        guard let best = SeverityRating.best(ratings) else { return nil }
        self = best
    }
}
