/// How bad a flaw is, in the words that people use.
public enum Severity: String, Sendable, Hashable, CaseIterable, Codable, Comparable {
    /// Nobody has said.
    case unknown
    /// CVSS 0.0, Ubuntu's negligible, Debian's unimportant.
    case negligible
    /// CVSS 0.1 to 3.9.
    case low
    /// CVSS 4.0 to 6.9.
    case medium
    /// CVSS 7.0 to 8.9.
    case high
    /// CVSS 9.0 and above; malicious packages.
    case critical

    /// From ``unknown`` up to ``critical``.
    public static func < (left: Severity, right: Severity) -> Bool { left.rank < right.rank }

    private var rank: Int {
        switch self {
        case .unknown: 0
        case .negligible: 1
        case .low: 2
        case .medium: 3
        case .high: 4
        case .critical: 5
        }
    }

    /// What a word of GitHub, Bitnami, Red Hat's family, Ubuntu or Debian means; nil for a word that says nothing (`not yet
    /// assigned`, `end-of-life`, `Unknown`).
    public init?(word: some StringProtocol) {
        switch word.lowercased() {
        case "critical": self = .critical
        case "high", "important": self = .high
        case "medium", "moderate": self = .medium
        case "low": self = .low
        case "negligible", "unimportant", "none": self = .negligible
        default: return nil
        }
    }

    /// What a title such as `Important: bcel security update` begins with; nil when that is no word of severity.
    public init?(title: String) {
        guard let colon = title.utf8.firstIndex(of: UInt8(ascii: ":")) else { return nil }
        self.init(word: title[..<colon])
    }

    /// The band of a CVSS 3 or 4 score.
    init(score: Double) {
        switch score {
        case ..<0.1: self = .negligible
        case ..<4: self = .low
        case ..<7: self = .medium
        case ..<9: self = .high
        default: self = .critical
        }
    }

    /// The band of a CVSS 2 score, by NVD, which has neither none nor critical.
    init(version2Score score: Double) {
        switch score {
        case ..<4: self = .low
        case ..<7: self = .medium
        default: self = .high
        }
    }
}
