public import Foundation
public import OCI

/// All that a bill of materials of one image says; ``cycloneDX()`` and ``spdx()`` write it.
///
/// The same values give the same bytes: time and identifier come from the caller.
public struct BillOfMaterials: Sendable {
    /// One layer, from the bottom to the top.
    public struct Layer: Sendable {
        /// Of its blob, as stored.
        public var digest: Digest
        /// The build step that made it, if its configuration says so.
        public var createdBy: String?

        /// A layer.
        public init(digest: Digest, createdBy: String? = nil) {
            self.digest = digest
            self.createdBy = createdBy
        }
    }

    /// One statement about how complete the inventory is: `layers`, `5 of 5`.
    public struct Statement: Sendable, Hashable {
        /// In lower case, words joined by dashes.
        public var name: String
        /// For people and machines alike.
        public var value: String

        /// A statement.
        public init(name: String, value: String) {
            self.name = name
            self.value = value
        }
    }

    /// One flaw of one package, for CycloneDX.
    public struct Vulnerability: Sendable, Hashable {
        /// What somebody made of it.
        public struct Analysis: Sendable, Hashable {
            /// A word of CycloneDX's `impactAnalysisState`.
            public var state: String
            /// Why.
            public var detail: String?
            /// RFC 3339: when.
            public var updated: String?

            /// An analysis.
            public init(state: String, detail: String?, updated: String?) {
                self.state = state
                self.detail = detail
                self.updated = updated
            }
        }

        /// The id that people know.
        public var id: String
        /// The other ids.
        public var aliases: [String]
        /// The place of the package in the inventory.
        public var package: Int
        /// A word of CycloneDX's severities.
        public var severity: String
        /// CVSS base score.
        public var score: Double?
        /// Its vector.
        public var vector: String?
        /// One line.
        public var summary: String
        /// The version to go to.
        public var fixedIn: String?
        /// Addresses to read on.
        public var references: [String]
        /// Numbers of the CWE.
        public var weaknesses: [Int]
        /// RFC 3339.
        public var published: String?
        /// RFC 3339.
        public var modified: String?
        /// Nil where nobody decides.
        public var analysis: Analysis?

        /// A vulnerability.
        public init(
            id: String,
            aliases: [String],
            package: Int,
            severity: String,
            score: Double?,
            vector: String?,
            summary: String,
            fixedIn: String?,
            references: [String],
            weaknesses: [Int],
            published: String?,
            modified: String?,
            analysis: Analysis?
        ) {
            self.id = id
            self.aliases = aliases
            self.package = package
            self.severity = severity
            self.score = score
            self.vector = vector
            self.summary = summary
            self.fixedIn = fixedIn
            self.references = references
            self.weaknesses = weaknesses
            self.published = published
            self.modified = modified
            self.analysis = analysis
        }
    }

    /// As it was asked for: `docker.io/library/debian:12`, `oci:./layout`.
    public var image: String
    /// Of the manifest that was read.
    public var digest: Digest?
    /// What the image runs on.
    public var platform: Platform
    /// From the bottom to the top; ``Package/Location/layer`` counts in it.
    public var layers: [Layer]
    /// What was found.
    public var inventory: Inventory
    /// Whether every layer was read to its end. With ``Inventory/unreadable`` empty too, the bill is said to be complete.
    public var isComplete: Bool
    /// More about that.
    public var completeness: [Statement]
    /// What is wrong with the packages; CycloneDX alone has a place for it.
    public var vulnerabilities: [Vulnerability]
    /// Of Pratique.
    public var toolVersion: String
    /// When it was made.
    public var timestamp: Date
    /// Its serial number in CycloneDX and the end of its namespace in SPDX.
    public var identifier: UUID

    /// A bill of materials.
    public init(
        image: String,
        digest: Digest?,
        platform: Platform,
        layers: [Layer],
        inventory: Inventory,
        isComplete: Bool,
        completeness: [Statement] = [],
        vulnerabilities: [Vulnerability] = [],
        toolVersion: String,
        timestamp: Date,
        identifier: UUID
    ) {
        self.image = image
        self.digest = digest
        self.platform = platform
        self.layers = layers
        self.inventory = inventory
        self.isComplete = isComplete
        self.completeness = completeness
        self.vulnerabilities = vulnerabilities
        self.toolVersion = toolVersion
        self.timestamp = timestamp
        self.identifier = identifier
    }
}

extension BillOfMaterials {
    /// `2026-11-24T12:00:00Z`.
    var time: String { BillOfMaterials.text(of: timestamp) }

    /// Of any time; years before 1970 and after 9999 are cut to them.
    static func text(of timestamp: Date) -> String {
        let interval = timestamp.timeIntervalSince1970
        let seconds = Int(min(max(interval.isFinite ? interval : 0, 0), 253_402_300_799).rounded(.down)) % 86400
        let parts = [seconds / 3600, seconds / 60 % 60, seconds % 60].map { $0 < 10 ? "0\($0)" : "\($0)" }
        return "\(EndOfLife.day(of: timestamp))T\(parts.joined(separator: ":"))Z"
    }

    /// The image by its digest; nil for a file or directory, which nobody can pull. Source: purl-spec, oci-definition.json.
    var imagePURL: PackageURL? {
        guard let digest, !image.hasPrefix("oci:"), !image.hasPrefix("docker-archive:") else { return nil }
        var repository = image.prefix { $0 != "@" }
        let slash = repository.lastIndex(of: "/")
        if let colon = repository.lastIndex(of: ":"), slash.map({ colon > $0 }) ?? true {
            repository = repository[..<colon]
        }
        guard let name = repository.split(separator: "/").last else { return nil }
        var qualifiers = ["repository_url": String(repository), "arch": platform.architecture]
        if slash == nil { qualifiers["repository_url"] = nil }
        // It can only fail for want of a name, which an image's has.
        return try? PackageURL(
            type: "oci",
            name: name.lowercased(),
            version: digest.description,
            qualifiers: qualifiers
        )
    }

    /// Everything that keeps the inventory from being complete, and what was said about it.
    var statements: [Statement] {
        completeness
            + inventory.unreadable.map { Statement(name: "unreadable", value: "\($0.path): \($0.reason)") }
    }

    /// Whether nothing is missing as far as anyone knows.
    var saysAll: Bool { isComplete && inventory.unreadable.isEmpty }
}
