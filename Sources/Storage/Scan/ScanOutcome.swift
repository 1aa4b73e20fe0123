public import Advisories
public import Inventory
public import OCI

/// What a scan found.
public struct ScanOutcome: Sendable {
    /// Whether something of the image is not in the result.
    public var isDegraded: Bool
    /// JSON; what reads it is its writer's matter.
    public var completeness: String
    /// `linux/amd64`: the platform that was scanned.
    public var platform: String
    /// Of the manifest.
    public var digest: Digest
    /// Of the index that led to the manifest.
    public var indexDigest: Digest?
    /// `debian`.
    public var osFamily: String?
    /// `Debian GNU/Linux 12 (bookworm)`.
    public var osName: String?
    /// Of all layers, as stored.
    public var sizeInBytes: Int64
    /// Bottom first.
    public var layers: [StoredLayer]
    /// The whole inventory as its writer encoded it, for matching again and for SBOMs.
    public var inventory: [UInt8]
    /// For lists.
    public var packages: [NewPackage]
    /// What is wrong with them.
    public var findings: [NewFinding]

    /// An outcome.
    public init(
        isDegraded: Bool,
        completeness: String,
        platform: String,
        digest: Digest,
        indexDigest: Digest?,
        osFamily: String?,
        osName: String?,
        sizeInBytes: Int64,
        layers: [StoredLayer],
        inventory: [UInt8],
        packages: [NewPackage],
        findings: [NewFinding]
    ) {
        self.isDegraded = isDegraded
        self.completeness = completeness
        self.platform = platform
        self.digest = digest
        self.indexDigest = indexDigest
        self.osFamily = osFamily
        self.osName = osName
        self.sizeInBytes = sizeInBytes
        self.layers = layers
        self.inventory = inventory
        self.packages = packages
        self.findings = findings
    }
}

/// One layer of an image.
public struct StoredLayer: Sendable, Hashable, Codable {
    /// As stored.
    public var digest: String
    /// As stored.
    public var sizeInBytes: Int64
    /// The command of the image's history that made it.
    public var createdBy: String?

    /// A layer.
    public init(digest: String, sizeInBytes: Int64, createdBy: String?) {
        self.digest = digest
        self.sizeInBytes = sizeInBytes
        self.createdBy = createdBy
    }
}

/// A package of an image, as lists show it.
public struct NewPackage: Sendable, Hashable {
    /// What kind of package it is.
    public var kind: Package.Kind
    /// Namespace and name, as `Package.fullName` has it.
    public var name: String
    /// As stated; may be empty.
    public var version: String
    /// The package URL.
    public var purl: String
    /// One expression or word each.
    public var licenses: [String]
    /// The file that states it.
    public var path: String?
    /// Counted from 0.
    public var layer: Int?

    /// A package.
    public init(
        kind: Package.Kind,
        name: String,
        version: String,
        purl: String,
        licenses: [String],
        path: String?,
        layer: Int?
    ) {
        self.kind = kind
        self.name = name
        self.version = version
        self.purl = purl
        self.licenses = licenses
        self.path = path
        self.layer = layer
    }
}

/// A flaw of a package of an image.
public struct NewFinding: Sendable, Hashable {
    /// What kind of package it is in.
    public var kind: Package.Kind
    /// The package without its version, as `Package.fullName` has it.
    public var name: String
    /// The version that is installed.
    public var installedVersion: String
    /// The id that people know.
    public var flaw: String
    /// The other ids of the same flaw.
    public var aliases: [String]
    /// How bad it is.
    public var severity: Severity
    /// CVSS base score in tenths, 0 to 100; nil when there is none.
    public var scoreInTenths: Int?
    /// The version to go to; nil when there is none.
    public var fixedIn: String?
    /// Whether it is known to be exploited.
    public var isExploited: Bool
    /// The layer that brought the package, counted from 0.
    public var layer: Int?
    /// The file that states the package.
    public var path: String?
    /// JSON: summary, vector, references and whatever else is shown of it; what reads it is its writer's matter.
    public var detail: String

    /// A finding.
    public init(
        kind: Package.Kind,
        name: String,
        installedVersion: String,
        flaw: String,
        aliases: [String],
        severity: Severity,
        scoreInTenths: Int?,
        fixedIn: String?,
        isExploited: Bool,
        layer: Int?,
        path: String?,
        detail: String
    ) {
        self.kind = kind
        self.name = name
        self.installedVersion = installedVersion
        self.flaw = flaw
        self.aliases = aliases
        self.severity = severity
        self.scoreInTenths = scoreInTenths
        self.fixedIn = fixedIn
        self.isExploited = isExploited
        self.layer = layer
        self.path = path
        self.detail = detail
    }
}
