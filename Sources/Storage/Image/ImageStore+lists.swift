public import Advisories
import Foundation
import Inventory
public import Tenancy

extension ImageStore {
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
        var conditions = SQLConditions()
        conditions.require("project_id = \(conditions.bind(.uuid(project.uuid)))")
        if let branch { conditions.require("branch = \(conditions.bind(.text(branch)))") }
        if let search {
            let pattern = conditions.bind(.containing(search))
            conditions.require("repository \(session.dialect.like) \(pattern) ESCAPE '\\'")
        }
        let counts = try session.first(
            "SELECT COUNT(DISTINCT repository), COUNT(*) FROM image WHERE \(conditions.text)",
            conditions.values
        )
        var limited = conditions
        let limit = limited.limit(page)
        let sums = SeverityCounts.columns.map { "CAST(SUM(\($0.rawValue)) AS BIGINT)" }.joined(separator: ", ")
        let direction = isDescending ? "DESC" : "ASC"
        let groups = try session.query(
            """
            SELECT repository, COUNT(*), MAX(scanned_at), \(sums) FROM image WHERE \(conditions.text)
            GROUP BY repository ORDER BY \(order.column) \(direction), repository \(limit)
            """,
            limited.values
        ).map { row in
            ImageGroup(
                repository: try row.text(0),
                imageCount: Int(try row.integer(1)),
                counts: try SeverityCounts(row: row, from: 3),
                latestScanAt: try row.time(2),
                images: try images(of: row.text(0), conditions)
            )
        }
        let listing = Listing(items: groups, total: Int(try counts?.integer(0) ?? 0))
        return (listing, Int(try counts?.integer(1) ?? 0))
    }

    /// The packages of one image, or of all images of the project: each kind, name and version once. `search` is part of the name.
    public func packages(
        in project: ProjectID,
        image: ImageID? = nil,
        search: String? = nil,
        severities: Set<Severity> = [],
        matching filter: PackageFilter = PackageFilter(),
        order: PackageOrder = .name,
        isDescending: Bool = false,
        page: Page
    ) throws -> Listing<StoredPackage> {
        var conditions = SQLConditions()
        conditions.require("project_id = \(conditions.bind(.uuid(project.uuid)))")
        if let image { conditions.require("image_id = \(conditions.bind(.uuid(image.uuid)))") }
        if let search {
            conditions.require(
                "name \(session.dialect.like) \(conditions.bind(.containing(search))) ESCAPE '\\'"
            )
        }
        if !severities.isEmpty {
            let ranks = severities.map(\.stored).sorted().map { SQLValue.integer($0) }
            conditions.require("severity IN \(conditions.bind(all: ranks))")
        }
        filter.add(to: &conditions, project)
        let grouped = """
            SELECT name, kind, version, COUNT(DISTINCT image_id) AS images, MAX(severity) AS worst FROM image_package
            WHERE \(conditions.text) GROUP BY name, kind, version
            """
        let total = try session.count(
            """
            SELECT COUNT(*) FROM (
                SELECT 1 AS one FROM image_package WHERE \(conditions.text) GROUP BY name, kind, version
            ) AS package
            """,
            conditions.values
        )
        let direction = isDescending ? "DESC" : "ASC"
        let sorting = order == .name ? "name \(direction)" : "worst \(direction), name"
        var limited = conditions
        let limit = limited.limit(page)
        let rows = try session.query(
            "\(grouped) ORDER BY \(sorting), version, kind \(limit)",
            limited.values
        )
        let items = try rows.compactMap { try package($0, project: project, image: image) }
        return Listing(items: items, total: total)
    }

    private func images(of repository: String, _ conditions: SQLConditions) throws -> [StoredImage] {
        var conditions = conditions
        conditions.require("repository = \(conditions.bind(.text(repository)))")
        let (text, limit) = (conditions.text, conditions.bind(.integer(ImageStore.groupLimit)))
        return try session.query(
            "SELECT \(StoredImage.columns) FROM image WHERE \(text) ORDER BY scanned_at DESC, id DESC LIMIT \(limit)",
            conditions.values
        ).map(StoredImage.init(row:))
    }

    /// One of the rows that a group was made of, the one with the most findings.
    private func package(_ group: SQLRow, project: ProjectID, image: ImageID?) throws -> StoredPackage? {
        var values: [SQLValue] = [.uuid(project.uuid)] + group.values[0...2]
        if let image { values.append(.uuid(image.uuid)) }
        return try session.first(
            """
            SELECT \(StoredPackage.columns) FROM image_package
            WHERE project_id = $1 AND name = $2 AND kind = $3 AND version = $4\(image == nil ? "" : " AND image_id = $5")
            ORDER BY severity DESC, finding_count DESC, image_id LIMIT 1
            """,
            values
        ).map { try StoredPackage(row: $0, imageCount: Int(try group.integer(3))) }
    }
}

extension ImageStore.GroupOrder {
    /// Of a statement that groups images.
    fileprivate var column: String {
        switch self {
        case .repository: "repository"
        case .imageCount: "COUNT(*)"
        case .latestScan: "MAX(scanned_at)"
        }
    }
}
