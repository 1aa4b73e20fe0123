/// What an import did.
public struct AdvisoryImportReport: Sendable {
    /// A file, or an entry of an archive, that could not be used.
    public struct Damage: Sendable, Hashable {
        /// For people: `all.zip: GHSA-….json`.
        public var path: String
        /// In one line.
        public var reason: String
    }

    /// Records that are new.
    public var added = 0
    /// Records that replaced an older copy.
    public var replaced = 0
    /// Records that the snapshot had already, or a newer copy of.
    public var unchanged = 0
    /// Of the added and replaced: withdrawn ones, which never match.
    public var withdrawn = 0
    /// Of the added and replaced: notices (unmaintained, unsound), which never match.
    public var informational = 0
    /// Of the added and replaced: those that name no package and version that can be matched.
    public var unmatchable = 0
    /// Ranges that were left out, because the ecosystem's grammar refuses a version in them or its order is not known.
    public var unusableRanges = 0
    /// Entries of the catalogue of exploited flaws that were taken in.
    public var knownExploited = 0
    /// EPSS scores that were taken in.
    public var epssScores = 0
    /// Files that are neither records nor a catalogue.
    public var ignored = 0
    /// Files, records and rows that could not be used.
    public var damaged = 0
    /// The first of them.
    public var damage: [Damage] = []

    /// Counts one that could not be used.
    mutating func addDamage(_ path: String, _ reason: String, listing limit: Int) {
        damaged += 1
        if damage.count < limit { damage.append(Damage(path: path, reason: reason)) }
    }
}
