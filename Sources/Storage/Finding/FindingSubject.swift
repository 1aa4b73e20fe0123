public import Foundation
import Inventory
public import OCI
public import Tenancy

/// What a statement from outside is about: a package, of an image or of every image.
public struct FindingSubject: Sendable, Equatable {
    /// The images of a repository, or some of them.
    public struct Images: Sendable, Equatable {
        /// Registry and repository; nil when only the end of it is known.
        public var repository: String?
        /// The last part of the repository, in lower case.
        public var name: String
        /// Of the manifest or of its index; nil is any.
        public var digest: Digest?
        /// Nil is any.
        public var tag: String?

        /// Images.
        public init(repository: String?, name: String, digest: Digest?, tag: String?) {
            self.repository = repository
            self.name = name
            self.digest = digest
            self.tag = tag
        }

        func fits(_ repository: String) -> Bool {
            guard let own = self.repository else { return repository.split(separator: "/").last?.lowercased() == name }
            return repository == own || repository == "\(own)/\(name)"
        }
    }

    /// Nil is every image.
    public var images: Images?
    /// Nil is every package.
    public var package: PackageQuery?

    /// A subject.
    public init(images: Images?, package: PackageQuery?) {
        self.images = images
        self.package = package
    }
}

/// A finding, as far as statements from outside look at it.
public struct StatedFinding: Sendable, Equatable {
    /// The finding.
    public let id: FindingID
    /// What people think of it.
    public let status: FindingStatus
    /// Why.
    public let reason: String?
    /// When the decision ends.
    public let expiresAt: Date?
    /// Registry and repository.
    public let repository: String
    let kind: Package.Kind
    /// The package.
    public let packageName: String

    /// Whether the finding is of this subject, as far as its own row tells; ``FindingStore/statedPlaces(of:)`` tell the rest.
    public func fits(_ subject: FindingSubject) -> Bool {
        (subject.images?.fits(repository) ?? true) && (subject.package?.fits(kind, packageName) ?? true)
    }
}

extension FindingStore {
    /// The findings of `project` that some image has, for a flaw by any of these ids; at most ``statedLimit`` and one more.
    public func stated(_ flaws: [String], in project: ProjectID) throws -> [StatedFinding] {
        var conditions = SQLConditions()
        let id = conditions.bind(.uuid(project.uuid))
        var aliases = conditions.part()
        aliases.require("organization_id = (SELECT organization_id FROM project WHERE id = \(id))")
        aliases.require("flaw IN \(aliases.bind(all: flaws.map { .text($0.uppercased()) }))")
        conditions.require(aliases) { "f.id IN (SELECT finding_id FROM finding_alias WHERE \($0))" }
        // An expression, so that no index of the project is gone through: the flaw leads to a few findings.
        conditions.require("CASE WHEN f.project_id = \(id) THEN f.present ELSE 0 END = 1")
        let (text, limit) = (conditions.text, conditions.bind(.integer(FindingStore.statedLimit + 1)))
        return try session.query(
            """
            SELECT f.id, f.status, f.reason, f.decision_expires_at, f.repository, f.package_kind, f.package_name
            FROM finding AS f WHERE \(text) ORDER BY f.id LIMIT \(limit)
            """,
            conditions.values
        ).map { row in
            StatedFinding(
                id: FindingID(try row.uuid(0)),
                status: try row.findingStatus(1),
                reason: try row.optionalText(2),
                expiresAt: try row.optionalTime(3),
                repository: try row.text(4),
                kind: try Package.Kind(stored: row.text(5)),
                packageName: try row.text(6)
            )
        }
    }

    /// Findings of one flaw that are looked at: thirty packages of a kernel in three hundred repositories.
    public static let statedLimit = 10_000

    /// The places of a finding, as far as statements name places; at most ``placeLimit``.
    public func statedPlaces(of id: FindingID) throws -> StatedPlaces {
        let places = try session.query(
            """
            SELECT i.id, i.repository, i.tag, i.platform, i.digest, i.index_digest, p.installed_version
            FROM finding_image AS p JOIN image AS i ON i.id = p.image_id
            WHERE p.finding_id = $1 ORDER BY p.image_id, p.place LIMIT $2
            """,
            [.uuid(id.uuid), .integer(FindingStore.placeLimit + 1)]
        ).map { row in
            StatedPlace(
                image: ImageID(try row.uuid(0)),
                repository: try row.text(1),
                tag: try row.text(2),
                platform: try row.text(3),
                digest: try row.text(4),
                indexDigest: try row.optionalText(5),
                installedVersion: try row.text(6)
            )
        }
        return StatedPlaces(
            items: Array(places.prefix(FindingStore.placeLimit)),
            isWhole: places.count <= FindingStore.placeLimit
        )
    }
}

/// Where a finding is.
public struct StatedPlaces: Sendable, Equatable {
    /// In the order of the images' ids.
    public let items: [StatedPlace]
    /// Whether there are no more.
    public let isWhole: Bool
}

/// An image that has a finding, as far as statements name one.
public struct StatedPlace: Sendable, Equatable {
    /// The image.
    public let image: ImageID
    let repository: String
    let tag: String
    /// Its platform.
    public let platform: String
    let digest: String
    let indexDigest: String?
    /// The version of the package that is installed.
    public let installedVersion: String

    /// Repository and tag, or digest.
    public var artifactName: String { StoredImage.artifactName(repository, tag) }

    /// Whether the subject names it; the finding must be of the subject.
    public func fits(_ subject: FindingSubject) -> Bool {
        if let version = subject.package?.version, version != installedVersion { return false }
        if let digest = subject.images?.digest?.description, digest != self.digest, digest != indexDigest {
            return false
        }
        return subject.images?.tag.map { $0 == tag } ?? true
    }
}

extension FindingSubject {
    /// Whether it is about some places of a finding, and not about all of them.
    public var namesPlaces: Bool { package?.version != nil || images?.digest != nil || images?.tag != nil }
}
