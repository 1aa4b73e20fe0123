public import Advisories
public import Inventory

/// One flaw of one installed package, told once whatever number of databases tell it.
public struct Finding: Sendable, Hashable {
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
        weaknesses: [String] = []
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
    }
}

extension Finding {
    /// The worst first, then by package and id: the order of every list.
    static func isBefore(_ left: Finding, _ right: Finding) -> Bool {
        if left.severity != right.severity { return left.severity > right.severity }
        let (a, b) = (left.score ?? 0, right.score ?? 0)
        if a != b { return a > b }
        let names = ((left.package.fullName, left.package.version), (right.package.fullName, right.package.version))
        if names.0 != names.1 { return names.0 < names.1 }
        return left.id < right.id
    }
}
