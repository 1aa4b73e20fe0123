import Advisories
import Foundation
import Inventory
public import Tenancy

extension ImageStore {
    /// The images of the projects of an organization that hold a flaw, by any of its ids. `projects` nil is all of them.
    public func holding(
        flaw: String,
        in organization: OrganizationID,
        projects: Set<ProjectID>? = nil,
        page: Page
    ) throws -> Listing<ImageHolding> {
        var conditions = SQLConditions()
        conditions.require("a.organization_id = \(conditions.bind(.uuid(organization.uuid)))")
        conditions.require("a.flaw = \(conditions.bind(.text(flaw.uppercased())))")
        conditions.require(projects, "f.project_id")
        let tables = """
            FROM finding_alias AS a JOIN finding AS f ON f.id = a.finding_id
            JOIN finding_image AS p ON p.finding_id = f.id JOIN image AS i ON i.id = p.image_id
            WHERE \(conditions.text)
            """
        let total = try session.count("SELECT COUNT(*) \(tables)", conditions.values)
        let limit = conditions.limit(page)
        let items = try session.query(
            """
            SELECT i.id, i.project_id, i.repository, i.tag, i.platform, f.package_name, p.installed_version, f.id, p.fixed_in,
                p.severity, f.status
            \(tables) ORDER BY i.repository, i.tag, i.id, f.id, p.place \(limit)
            """,
            conditions.values
        ).map { row in
            var holding = try ImageHolding(row: row)
            holding.finding = FindingID(try row.uuid(7))
            holding.fixedIn = try row.optionalText(8)
            holding.severity = try Severity(stored: row.integer(9))
            holding.status = try row.findingStatus(10)
            return holding
        }
        return Listing(items: items, total: total)
    }

    /// The images of the projects of an organization that hold a package. `projects` nil is all of them.
    public func holding(
        _ package: PackageQuery,
        in organization: OrganizationID,
        projects: Set<ProjectID>? = nil,
        page: Page
    ) throws -> Listing<ImageHolding> {
        var conditions = SQLConditions()
        conditions.require("p.organization_id = \(conditions.bind(.uuid(organization.uuid)))")
        let name = conditions.bind(.text(package.name))
        // The index holds every name folded as far as any kind folds names; what the kind tells apart is told apart in its entries.
        conditions.require("\(PackageQuery.widelyFolded("p.name")) = \(PackageQuery.widelyFolded(name))")
        // An expression where the name stands as it is: SQLite would put the name into the condition above, and lose it.
        conditions.require("\(package.foldedColumn("p.name") ?? "p.name || ''") = \(name)")
        if let kind = package.kind { conditions.require("p.kind = \(conditions.bind(.text(kind.rawValue)))") }
        if let version = package.version { conditions.require("p.version = \(conditions.bind(.text(version)))") }
        conditions.require(projects, "p.project_id")
        let tables = "FROM image_package AS p JOIN image AS i ON i.id = p.image_id WHERE \(conditions.text)"
        let total = try session.count("SELECT COUNT(*) \(tables)", conditions.values)
        let limit = conditions.limit(page)
        let items = try session.query(
            """
            SELECT i.id, i.project_id, i.repository, i.tag, i.platform, p.name, p.version
            \(tables) ORDER BY i.repository, i.tag, i.id, p.position \(limit)
            """,
            conditions.values
        ).map { try ImageHolding(row: $0) }
        return Listing(items: items, total: total)
    }
}

extension ImageHolding {
    fileprivate init(row: SQLRow) throws {
        self.init(
            image: ImageID(try row.uuid(0)),
            project: ProjectID(try row.uuid(1)),
            repository: try row.text(2),
            tag: try row.text(3),
            platform: try row.text(4),
            packageName: try row.text(5),
            installedVersion: try row.text(6)
        )
    }
}
