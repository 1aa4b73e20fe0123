public import Advisories
public import Foundation
public import Inventory
public import Storage

/// One flaw of one installed package, told once whatever number of databases tell it.
public struct Finding: Sendable, Hashable {
    /// What people think of it, where a service keeps that.
    public struct Decision: Sendable, Hashable {
        /// What it is.
        public var status: FindingStatus
        /// Why; nil while nobody has decided.
        public var reason: String?
        /// When it was decided; nil while nobody has.
        public var decidedAt: Date?
    }

    /// The id that people know: the CVE where there is one, else the database's own.
    public var id: String
    /// The other ids of the same flaw, sorted.
    public var aliases: [String]
    /// The package as it is installed.
    public var package: Package
    /// How bad it is.
    public var severity: Severity
    /// CVSS base score, 0 to 10, where a vector is known.
    public var score: Double?
    /// The vector that the score comes from.
    public var vector: String?
    /// One line.
    public var summary: String
    /// The smallest version above the installed one that is fixed; nil when there is none yet.
    public var fixedIn: String?
    /// Why there is no fix, in the distribution's word (`end-of-life`, `unimportant`), if it says.
    public var urgency: String?
    /// Whether it is in CISA's catalogue of known exploited vulnerabilities.
    public var isExploited: Bool
    /// EPSS: the probability of exploitation within 30 days, 0 to 1.
    public var exploitProbability: Double?
    /// RFC 3339.
    public var published: String?
    /// RFC 3339.
    public var modified: String?
    /// Where to read on.
    public var references: [String]
    /// `CWE-79`.
    public var weaknesses: [String]
    /// Nil where nobody can decide, as in `inspect`.
    public var decision: Decision?

    /// A finding.
    public init(
        id: String,
        aliases: [String] = [],
        package: Package,
        severity: Severity,
        score: Double? = nil,
        vector: String? = nil,
        summary: String,
        fixedIn: String? = nil,
        urgency: String? = nil,
        isExploited: Bool = false,
        exploitProbability: Double? = nil,
        published: String? = nil,
        modified: String? = nil,
        references: [String] = [],
        weaknesses: [String] = [],
        decision: Decision? = nil
    ) {
        self.id = id
        self.aliases = aliases
        self.package = package
        self.severity = severity
        self.score = score
        self.vector = vector
        self.summary = summary
        self.fixedIn = fixedIn
        self.urgency = urgency
        self.isExploited = isExploited
        self.exploitProbability = exploitProbability
        self.published = published
        self.modified = modified
        self.references = references
        self.weaknesses = weaknesses
        self.decision = decision
    }
}

extension Finding {
    /// Those of ``references`` that are https addresses by the letters that RFC 3986 allows. Advisories hold what somebody pasted.
    var addresses: [String] {
        references.filter { text in
            text.hasPrefix("https://") && text.utf8.count > 8
                && text.utf8.allSatisfy { byte in
                    (48...57).contains(byte) || (65...90).contains(byte) || (97...122).contains(byte)
                        || "-._~:/?#@!$&'()*+,;=%".utf8.contains(byte)
                }
        }
    }

    /// Where a finding stands in a report: the worst first, then by package. A finding is large and sorting copies what it
    /// compares, so that this little is sorted in its place.
    struct Rank: Comparable {
        private let severity: Severity
        private let score: Double
        private let name: String
        private let version: String
        private let id: String

        init(_ finding: Finding) {
            severity = finding.severity
            score = finding.score ?? 0
            name = finding.package.fullName
            version = finding.package.version
            id = finding.id
        }

        static func < (left: Rank, right: Rank) -> Bool {
            if left.severity != right.severity { return left.severity > right.severity }
            if left.score != right.score { return left.score > right.score }
            if left.name != right.name { return left.name < right.name }
            if left.version != right.version { return left.version < right.version }
            return left.id < right.id
        }
    }
}
