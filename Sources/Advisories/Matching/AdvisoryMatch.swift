/// A flaw that one of the packages asked for has.
public struct AdvisoryMatch: Sendable {
    /// Which of the queries, counted from 0.
    public var query: Int
    /// The flaw.
    public var advisory: Advisory
    /// The smallest version above the installed one that no matching record calls affected; nil when none is stated.
    public var fixedIn: String?
    /// Where no fix is stated: the last version that is known to be affected.
    public var lastAffected: String?
    /// Debian's word: `unimportant`, `end-of-life`, `low`, …; nil when there is none.
    public var urgency: String?

    /// A match.
    public init(
        query: Int,
        advisory: Advisory,
        fixedIn: String? = nil,
        lastAffected: String? = nil,
        urgency: String? = nil
    ) {
        self.query = query
        self.advisory = advisory
        self.fixedIn = fixedIn
        self.lastAffected = lastAffected
        self.urgency = urgency
    }
}

/// What a snapshot says about a list of packages.
public struct AdvisoryMatches: Sendable {
    /// By query, then from the worst, then by id.
    public var matches: [AdvisoryMatch] = []
    /// Ecosystems that the snapshot has no advisory for, sorted: their packages are unknown, not clean.
    public var ecosystemsWithoutAdvisories: [String] = []
    /// Queries whose version cannot be compared, because it is missing, unreadable, or of an ecosystem whose order is not known here:
    /// what does not match is unknown, not clean.
    public var uncomparable: [Int] = []

    /// Nothing yet.
    public init() {}
}
