public import Inventory

/// How much of the truth a report holds. No list of findings goes without it.
public struct ReportCompleteness: Sendable, Hashable {
    /// A layer that was not seen to its end.
    public struct IncompleteLayer: Sendable, Hashable, Codable {
        /// Counted from 0, bottom first.
        public var index: Int
        /// Its name.
        public var digest: String
        /// Why, in one line.
        public var reason: String
    }

    /// The packages of one ecosystem, and whether anything is known of their flaws.
    public struct Ecosystem: Sendable, Hashable, Codable {
        /// As OSV names it (`Debian:12`, `PyPI`); the purl type where OSV has no name.
        public var name: String
        /// Packages of it in the image.
        public var packages: Int
        /// Whether the advisory database has records of it. Without, its packages are unknown, not clean.
        public var hasAdvisories: Bool
    }

    /// The advisory database that was held against the packages.
    public struct Advisories: Sendable, Hashable, Codable {
        /// Records.
        public var records: Int
        /// RFC 3339: when they were imported.
        public var importedAt: String
        /// RFC 3339: the newest change in any record.
        public var newestRecordAt: String?
        /// Whole days since the newest change, at the time of the report.
        public var ageInDays: Int?
    }

    /// Layers that were seen to their end.
    public var layersDone: Int
    /// Layers of the image.
    public var layersTotal: Int
    /// Bytes of layers that were read, as stored.
    public var bytesRead: Int64
    /// Bytes of all layers, as stored.
    public var bytesTotal: Int64
    /// Those that were not, with the reason.
    public var incompleteLayers: [IncompleteLayer]
    /// Why the layers could not be put on each other to the end; nil when they could.
    public var incompleteMerge: String?
    /// Sorted by name.
    public var ecosystems: [Ecosystem]
    /// Packages whose version is missing or cannot be compared: what does not match of them is unknown, not clean.
    public var uncomparable: Int
    /// Files that should have told of packages and could not be read.
    public var unreadable: [Inventory.Unreadable]
    /// Nil when no advisory database was there: nothing is known of any flaw.
    public var advisories: Advisories?
    /// Of the distribution, where it is known.
    public var endOfLife: EndOfLife?

    /// Whether every layer and every package database was read. It says nothing of advisories.
    public var isInventoryComplete: Bool {
        incompleteLayers.isEmpty && incompleteMerge == nil && unreadable.isEmpty && layersDone == layersTotal
    }

    /// Names of ecosystems in the image that the advisory database knows nothing of.
    public var unknownEcosystems: [String] { ecosystems.filter { !$0.hasAdvisories }.map(\.name) }
}
