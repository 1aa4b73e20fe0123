public import Inventory
import Tenancy

/// Which packages are asked for, beside what ``ImageStore/packages(in:image:search:severities:matching:order:isDescending:page:)``
/// itself takes. An empty set or nil asks for nothing in particular.
public struct PackageFilter: Sendable, Equatable {
    /// One of these kinds.
    public var kinds: Set<Package.Kind> = []
    /// In an image of this branch.
    public var branch: String?
    /// With a finding of one of these.
    public var statuses: Set<FindingStatus> = []
    /// Whether it has a finding with a version to go to.
    public var isFixable: Bool?

    /// Every package.
    public init() {}

    /// What the filter asks of rows of `image_package`.
    func add(to conditions: inout SQLConditions, _ project: ProjectID) {
        if !kinds.isEmpty {
            let names = kinds.map(\.rawValue).sorted().map { SQLValue.text($0) }
            conditions.require("kind IN \(conditions.bind(all: names))")
        }
        if let branch {
            let id = conditions.bind(.uuid(project.uuid))
            conditions.require(
                "image_id IN (SELECT id FROM image WHERE project_id = \(id) AND branch = \(conditions.bind(.text(branch))))"
            )
        }
        if !statuses.isEmpty {
            let names = statuses.map(\.rawValue).sorted().map { SQLValue.text($0) }
            conditions.require("EXISTS (\(Self.findings) AND f.status IN \(conditions.bind(all: names)))")
        }
        if let isFixable {
            conditions.require("\(isFixable ? "" : "NOT ")EXISTS (\(Self.findings) AND p.fixed_in IS NOT NULL)")
        }
    }

    /// The findings of a package in its image.
    private static let findings = """
        SELECT 1 FROM finding AS f JOIN finding_image AS p ON p.finding_id = f.id
        WHERE f.project_id = image_package.project_id AND f.package_kind = image_package.kind
            AND f.package_name = image_package.name AND f.present = 1 AND p.image_id = image_package.image_id
            AND p.installed_version = image_package.version
        """
}
