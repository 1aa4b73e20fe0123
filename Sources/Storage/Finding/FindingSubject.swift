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
    let repository: String
    let kind: Package.Kind
    let packageName: String

    /// Whether the finding is of this subject, as far as its own row tells; ``FindingStore/isPlaced(_:in:)`` tells the rest.
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

    /// Whether a finding is in an image, and of a version, as the subject names them.
    public func isPlaced(_ id: FindingID, in subject: FindingSubject) throws -> Bool {
        var conditions = SQLConditions()
        conditions.require("p.finding_id = \(conditions.bind(.uuid(id.uuid)))")
        if let version = subject.package?.version {
            conditions.require("p.installed_version = \(conditions.bind(.text(version)))")
        }
        if let digest = subject.images?.digest {
            let text = conditions.bind(.text(digest.description))
            conditions.require("(i.digest = \(text) OR i.index_digest = \(text))")
        }
        if let tag = subject.images?.tag { conditions.require("i.tag = \(conditions.bind(.text(tag)))") }
        return try session.first(
            """
            SELECT 1 FROM finding_image AS p JOIN image AS i ON i.id = p.image_id WHERE \(conditions.text) LIMIT 1
            """,
            conditions.values
        ) != nil
    }
}

extension FindingSubject {
    /// Whether ``FindingStore/isPlaced(_:in:)`` has anything to look for.
    public var namesPlaces: Bool { package?.version != nil || images?.digest != nil || images?.tag != nil }
}
