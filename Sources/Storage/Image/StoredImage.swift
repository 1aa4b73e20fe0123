public import Advisories
public import Foundation
public import OCI
public import Tenancy

/// One tag of a repository on one platform, with what its newest good scan found.
public struct StoredImage: Sendable, Equatable {
    /// Names it, over all scans of the tag.
    public var id: ImageID
    /// Its organization.
    public var organization: OrganizationID
    /// Its project.
    public var project: ProjectID
    /// Registry and repository.
    public var repository: String
    /// The tag, or the digest where the image was asked for by digest.
    public var tag: String
    /// `os/architecture[/variant]`.
    public var platform: String
    /// The branch that the image was built from, as the caller said.
    public var branch: String?
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
    /// JSON, as its writer encoded it.
    public var completeness: String
    /// The newest good scan.
    public var scan: ScanID
    /// Packages in it.
    public var packageCount: Int
    /// Findings in it, decided or not.
    public var counts: SeverityCounts
    /// When it was first scanned.
    public var createdAt: Date
    /// When it was last scanned.
    public var scannedAt: Date
    /// When its packages were last held against the advisories.
    public var matchedAt: Date

    /// Repository and tag, or digest, as people write it.
    public var artifactName: String { StoredImage.artifactName(repository, tag) }

    static func artifactName(_ repository: String, _ tag: String) -> String {
        repository + (tag.contains(":") ? "@" : ":") + tag
    }
}

/// How many findings there are of each severity.
public struct SeverityCounts: Sendable, Hashable {
    private var counts: [Severity: Int]

    /// None, or as given.
    public init(_ counts: [Severity: Int] = [:]) { self.counts = counts.filter { $0.value != 0 } }

    /// Those of one severity.
    public subscript(severity: Severity) -> Int {
        get { counts[severity] ?? 0 }
        set { counts[severity] = newValue == 0 ? nil : newValue }
    }

    /// Of all severities.
    public var total: Int { counts.values.reduce(0, +) }
}

/// The tags of one repository of a project.
public struct ImageGroup: Sendable, Equatable {
    /// Registry and repository.
    public var repository: String
    /// How many images there are in it.
    public var imageCount: Int
    /// Over all of its images.
    public var counts: SeverityCounts
    /// The newest scan of any.
    public var latestScanAt: Date
    /// The newest first, at most ``ImageStore/groupLimit``.
    public var images: [StoredImage]
}

/// A package as it is kept.
public struct StoredPackage: Sendable, Equatable {
    /// The image that holds it; one of them, in a list of a project.
    public var image: ImageID
    /// What it is.
    public var package: NewPackage
    /// The worst of its findings; ``Advisories/Severity/unknown`` without any.
    public var severity: Severity
    /// Its findings in the image.
    public var findingCount: Int
    /// How many images hold it: 1 in the list of an image.
    public var imageCount: Int
}

/// An image that holds what was asked for.
public struct ImageHolding: Sendable, Equatable {
    /// The image.
    public var image: ImageID
    /// Its project.
    public var project: ProjectID
    /// Registry and repository.
    public var repository: String
    /// Its tag.
    public var tag: String
    /// Its platform.
    public var platform: String
    /// The package.
    public var packageName: String
    /// The version that is installed.
    public var installedVersion: String
    /// The finding, when a flaw was asked for.
    public var finding: FindingID?
    /// The version to go to, when a flaw was asked for.
    public var fixedIn: String?
    /// When a flaw was asked for.
    public var severity: Severity?
    /// When a flaw was asked for.
    public var status: FindingStatus?

    /// Repository and tag, or digest, as people write it.
    public var artifactName: String { StoredImage.artifactName(repository, tag) }
}
