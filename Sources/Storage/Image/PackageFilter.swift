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
            let mask = statuses.reduce(Int64(0)) { $0 | $1.bit }
            conditions.require("(statuses & \(conditions.bind(.integer(mask)))) <> 0")
        }
        if let isFixable { conditions.require("fixable = \(conditions.bind(.flag(isFixable)))") }
    }
}
