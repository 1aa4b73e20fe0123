import Foundation
import Tenancy

/// What packages are filtered by that their findings say, kept in their own rows: whether there is a version to go to, and the statuses.
struct PackageMarks {
    let session: any SQLSession

    init(_ session: any SQLSession) { self.session = session }

    private struct Package: Hashable {
        let kind: String
        let name: String
        let version: String
    }

    private struct Marks: Equatable {
        var fixable: Int64 = 0
        var statuses: Int64 = 0
    }

    /// Writes them anew for an image whose packages or findings were written.
    func refresh(_ image: ImageID) throws {
        var marks: [Package: Marks] = [:]
        let findings = try session.query(
            """
            SELECT f.package_kind, f.package_name, p.installed_version, f.status, p.fixed_in
            FROM finding_image AS p JOIN finding AS f ON f.id = p.finding_id WHERE p.image_id = $1
            """,
            [.uuid(image.uuid)]
        )
        for row in findings {
            let package = Package(kind: try row.text(0), name: try row.text(1), version: try row.text(2))
            marks[package, default: Marks()].statuses |= try row.findingStatus(3).bit
            if row.values[4] != .null { marks[package]?.fixable = 1 }
        }
        let packages = try session.query(
            "SELECT position, kind, name, version, fixable, statuses FROM image_package WHERE image_id = $1",
            [.uuid(image.uuid)]
        )
        for row in packages {
            let package = Package(kind: try row.text(1), name: try row.text(2), version: try row.text(3))
            let wanted = marks[package] ?? Marks()
            guard try Marks(fixable: row.integer(4), statuses: row.integer(5)) != wanted else { continue }
            try session.execute(
                "UPDATE image_package SET fixable = $1, statuses = $2 WHERE image_id = $3 AND position = $4",
                [.integer(wanted.fixable), .integer(wanted.statuses), .uuid(image.uuid), row.values[0]]
            )
        }
    }

    private struct Place: Hashable {
        let project: SQLValue
        let repository: SQLValue
        let kind: SQLValue
        let name: SQLValue
        let image: SQLValue
        let version: SQLValue
    }

    /// Writes the statuses anew of the packages that have one of `findings`, whose statuses were written.
    func refreshStatuses(_ findings: [FindingID]) throws {
        var places: Set<Place> = []
        for id in findings {
            let rows = try session.query(
                """
                SELECT f.project_id, f.repository, f.package_kind, f.package_name, p.image_id, p.installed_version
                FROM finding AS f JOIN finding_image AS p ON p.finding_id = f.id WHERE f.id = $1
                """,
                [.uuid(id.uuid)]
            )
            for row in rows {
                let values = row.values
                places.insert(
                    Place(
                        project: values[0],
                        repository: values[1],
                        kind: values[2],
                        name: values[3],
                        image: values[4],
                        version: values[5]
                    )
                )
            }
        }
        for place in places { try refresh(place) }
    }

    private func refresh(_ place: Place) throws {
        // The second column and the kind of the join are there for the sake of the plan: see ``FindingWriter``, and a package has fewer
        // findings in all images than an image has.
        let rows = try session.query(
            """
            SELECT f.status, f.known_since FROM finding AS f CROSS JOIN finding_image AS p
            WHERE f.project_id = $1 AND f.repository = $2 AND f.package_kind = $3 AND f.package_name = $4
                AND p.finding_id = f.id AND p.image_id = $5 AND p.installed_version = $6
            """,
            [place.project, place.repository, place.kind, place.name, place.image, place.version]
        )
        let statuses = try rows.reduce(Int64(0)) { $0 | (try $1.findingStatus(0).bit) }
        try session.execute(
            """
            UPDATE image_package SET statuses = $1
            WHERE project_id = $2 AND name = $3 AND kind = $4 AND version = $5 AND image_id = $6 AND statuses <> $1
            """,
            [.integer(statuses), place.project, place.name, place.kind, place.version, place.image]
        )
    }
}

extension FindingStatus {
    /// In a mask of statuses; kept, so that none ever changes.
    var bit: Int64 {
        switch self {
        case .toVerify: 1
        case .confirmed: 2
        case .resolved: 4
        case .ignored: 8
        }
    }
}
