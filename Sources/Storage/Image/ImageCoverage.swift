public import Foundation
public import Tenancy

/// How much of the images of a project its lists are made of: no list of findings goes without it.
public struct ImageCoverage: Sendable, Equatable {
    /// Images with a result.
    public var images: Int
    /// Of these, those of which something was not read, or of some of whose packages no flaw could be known.
    public var degraded: Int
    /// The first of the degraded ones, the last scanned first; at most ``ImageCoverage/limit``.
    public var degradedImages: [StoredImage]
    /// When the image that was held against the advisories longest ago was; nil without images.
    public var oldestMatchAt: Date?

    /// Degraded images that are told one by one.
    public static let limit = 20
}

extension ImageStore {
    /// The coverage of `project`: of one image, or of all images of a branch, or of all.
    public func coverage(in project: ProjectID, image: ImageID? = nil, branch: String? = nil) throws -> ImageCoverage {
        var conditions = SQLConditions()
        conditions.require("project_id = \(conditions.bind(.uuid(project.uuid)))")
        if let image { conditions.require("id = \(conditions.bind(.uuid(image.uuid)))") }
        if let branch { conditions.require("branch = \(conditions.bind(.text(branch)))") }
        return try coverage(conditions)
    }

    /// The coverage of the projects of an organization. `projects` nil is all of them.
    public func coverage(of organization: OrganizationID, projects: Set<ProjectID>?) throws -> ImageCoverage {
        var conditions = SQLConditions()
        conditions.require("organization_id = \(conditions.bind(.uuid(organization.uuid)))")
        conditions.require(projects, "project_id")
        return try coverage(conditions)
    }

    private func coverage(_ conditions: SQLConditions) throws -> ImageCoverage {
        var conditions = conditions
        let row = try session.first(
            "SELECT COUNT(*), MIN(matched_at) FROM image WHERE \(conditions.text)",
            conditions.values
        )
        let images = Int(try row?.integer(0) ?? 0)
        conditions.require("degraded = 1")
        let degraded = try session.count("SELECT COUNT(*) FROM image WHERE \(conditions.text)", conditions.values)
        var limited = conditions
        let limit = limited.bind(.integer(ImageCoverage.limit))
        let first = try session.query(
            """
            SELECT \(StoredImage.columns) FROM image WHERE \(conditions.text)
            ORDER BY scanned_at DESC, id DESC LIMIT \(limit)
            """,
            limited.values
        ).map(StoredImage.init(row:))
        return ImageCoverage(
            images: images,
            degraded: degraded,
            degradedImages: first,
            oldestMatchAt: images > 0 ? try row?.time(1) : nil
        )
    }
}
