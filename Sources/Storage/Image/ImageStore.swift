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
        try session.first(
            "SELECT \(StoredImage.columns) FROM image WHERE id = $1 AND project_id = $2",
            [.uuid(id.uuid), .uuid(project.uuid)]
        ).map(StoredImage.init(row:))
    }

    /// The images of `project`, the last scanned first.
    public func list(in project: ProjectID, branch: String? = nil, page: Page) throws -> Listing<StoredImage> {
        var conditions = SQLConditions()
        conditions.require("project_id = \(conditions.bind(.uuid(project.uuid)))")
        if let branch { conditions.require("branch = \(conditions.bind(.text(branch)))") }
        let total = try session.count("SELECT COUNT(*) FROM image WHERE \(conditions.text)", conditions.values)
        let (text, limit) = (conditions.text, conditions.limit(page))
        let items = try session.query(
            """
            SELECT \(StoredImage.columns) FROM image WHERE \(text) ORDER BY scanned_at DESC, id DESC \(limit)
            """,
            conditions.values
        ).map(StoredImage.init(row:))
        return Listing(items: items, total: total)
    }

    /// The ids of all images of `project`, in their order.
    public func identifiers(in project: ProjectID) throws -> [ImageID] {
        try session.query("SELECT id FROM image WHERE project_id = $1 ORDER BY id", [.uuid(project.uuid)])
            .map { ImageID(try $0.uuid(0)) }
    }

    /// The whole inventory of an image, as its writer encoded it.
    public func inventory(of id: ImageID) throws -> [UInt8]? {
        try session.first("SELECT inventory FROM image_inventory WHERE image_id = $1", [.uuid(id.uuid)])?.bytes(0)
    }

    /// Images behind `start` whose packages were last matched before `time`, in the order of their ids: what is to be matched again.
    public func matched(before time: Date, after start: ImageID?, limit: Int) throws -> [StoredImage] {
        var conditions = SQLConditions()
        conditions.require("matched_at < \(conditions.bind(.time(time)))")
        if let start { conditions.require("id > \(conditions.bind(.uuid(start.uuid)))") }
        let (text, count) = (conditions.text, conditions.bind(.integer(limit)))
        return try session.query(
            "SELECT \(StoredImage.columns) FROM image WHERE \(text) ORDER BY id LIMIT \(count)",
            conditions.values
        ).map(StoredImage.init(row:))
    }

    /// Replaces the findings of an image by those that an import of advisories made of its packages, when `scan` is still its newest;
    /// new ones are known since `now`. False, with nothing written, when it was scanned again meanwhile.
    public func rematch(
        _ id: ImageID,
        of scan: ScanID,
        findings: [NewFinding],
        completeness: String,
        isDegraded: Bool,
        at now: Date
    ) throws -> Bool {
        let row = try session.first(
            "SELECT \(StoredImage.columns) FROM image WHERE id = $1 AND scan_id = $2",
            [.uuid(id.uuid), .uuid(scan.uuid)]
        )
        guard let image = try row.map(StoredImage.init(row:)) else { return false }
        let target = FindingWriter.Target(
            image: id,
            organization: image.organization,
            project: image.project,
            repository: image.repository,
            branchBit: try BranchBits(session).take(image.branch, in: image.project),
            layers: image.layers
        )
        let counts = try FindingWriter(session, target).write(findings, seenByScan: false, at: now)
        let writer = ImageWriter(session)
        try writer.rewriteFlaws(of: id, findings)
        try PackageMarks(session).refresh(id)
        if counts != image.counts { try writer.writeCounts(counts, of: id) }
        try session.execute(
            "UPDATE image SET matched_at = $1, completeness = $2, degraded = $3 WHERE id = $4",
            [.time(now), .text(completeness), .flag(isDegraded), .uuid(id.uuid)]
        )
        return true
    }

    /// Deletes an image with its packages; findings stay, with their decisions, and are shown again when an image has them again.
    /// False when there is none.
    public func delete(_ id: ImageID, in project: ProjectID) throws -> Bool {
        let findings = try session.query(
            """
            SELECT DISTINCT f.finding_id FROM finding_image AS f JOIN image ON image.id = f.image_id
            WHERE f.image_id = $1 AND image.project_id = $2
            """,
            [.uuid(id.uuid), .uuid(project.uuid)]
        ).map { FindingID(try $0.uuid(0)) }
        let isDeleted = try session.execute(
            "DELETE FROM image WHERE id = $1 AND project_id = $2",
            [.uuid(id.uuid), .uuid(project.uuid)]
        )
        try FindingSummary(session).refresh(findings)
        return isDeleted > 0
    }
}
