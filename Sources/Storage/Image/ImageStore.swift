public import Advisories
public import Foundation
public import Tenancy

/// Images and what is installed in them.
public struct ImageStore {
    let session: any SQLSession

    /// Tags that are told of a repository in a list of repositories.
    public static let groupLimit = 100

    /// What lists of repositories are sorted by.
    public enum GroupOrder: Sendable {
        /// By name.
        case repository
        /// By how many images there are.
        case imageCount
        /// By the newest scan.
        case latestScan
    }

    /// What lists of packages are sorted by.
    public enum PackageOrder: Sendable {
        /// By name, then version.
        case name
        /// By the worst finding.
        case severity
    }

    /// The store on one connection.
    public init(_ session: any SQLSession) { self.session = session }

    /// The image `id` of `project`.
    public func find(_ id: ImageID, in project: ProjectID) throws -> StoredImage? {
        throw StorageError(.unavailable, "soon")
    }

    /// The image of a tag on a platform.
    public func find(
        repository: String,
        tag: String,
        platform: String,
        in project: ProjectID
    ) throws -> StoredImage? {
        throw StorageError(.unavailable, "soon")
    }

    /// The images of `project`, the last scanned first.
    public func list(in project: ProjectID, branch: String? = nil, page: Page) throws -> Listing<StoredImage> {
        throw StorageError(.unavailable, "soon")
    }

    /// The images of `project` by repository. `search` is part of the repository's name; ``Listing/total`` counts repositories and
    /// `images` the images in all of them.
    public func groups(
        in project: ProjectID,
        branch: String? = nil,
        search: String? = nil,
        order: GroupOrder = .latestScan,
        isDescending: Bool = true,
        page: Page
    ) throws -> (groups: Listing<ImageGroup>, images: Int) {
        throw StorageError(.unavailable, "soon")
    }

    /// The packages of one image, or of all images of the project: each kind, name and version once. `search` is part of the name.
    public func packages(
        in project: ProjectID,
        image: ImageID? = nil,
        search: String? = nil,
        severities: Set<Severity> = [],
        order: PackageOrder = .name,
        isDescending: Bool = false,
        page: Page
    ) throws -> Listing<StoredPackage> {
        throw StorageError(.unavailable, "soon")
    }

    /// The images of the projects of an organization that hold a flaw, by any of its ids. `projects` nil is all of them.
    public func holding(
        flaw: String,
        in organization: OrganizationID,
        projects: Set<ProjectID>? = nil,
        page: Page
    ) throws -> Listing<ImageHolding> {
        throw StorageError(.unavailable, "soon")
    }

    /// The images of the projects of an organization that hold a package, by its full name. `projects` nil is all of them.
    public func holding(
        package: String,
        version: String? = nil,
        in organization: OrganizationID,
        projects: Set<ProjectID>? = nil,
        page: Page
    ) throws -> Listing<ImageHolding> {
        throw StorageError(.unavailable, "soon")
    }

    /// The whole inventory of an image, as its writer encoded it.
    public func inventory(of id: ImageID) throws -> [UInt8]? { throw StorageError(.unavailable, "soon") }

    /// Images behind `start` whose packages were last matched before `time`, in the order of their ids: what is to be matched again.
    public func matched(before time: Date, after start: ImageID?, limit: Int) throws -> [StoredImage] {
        throw StorageError(.unavailable, "soon")
    }

    /// Replaces the findings of an image by those that an import of advisories made of its packages, when `scan` is still its newest;
    /// new ones are known since `now`. False, with nothing written, when it was scanned again meanwhile.
    public func rematch(
        _ id: ImageID,
        of scan: ScanID,
        findings: [NewFinding],
        completeness: String,
        at now: Date
    ) throws -> Bool {
        throw StorageError(.unavailable, "soon")
    }

    /// Deletes an image with its packages; findings stay, with their decisions, and are shown again when an image has them again.
    /// False when there is none.
    public func delete(_ id: ImageID, in project: ProjectID) throws -> Bool {
        throw StorageError(.unavailable, "soon")
    }
}
