import Inventory
import Tenancy

extension FindingFilter {
    /// What the filter asks of rows of `finding`, in terms that its indexes hold. `severity` is the expression that is compared;
    /// `branchBit` is that of the branch, of ``BranchBits``.
    func conditions(
        _ project: ProjectID,
        _ dialect: SQLDialect,
        branchBit: Int64,
        severity: String = "severity"
    ) -> SQLConditions {
        var conditions = SQLConditions()
        let id = conditions.bind(.uuid(project.uuid))
        conditions.require("project_id = \(id) AND present = 1")
        if !severities.isEmpty {
            let ranks = severities.map(\.stored).sorted().map { SQLValue.integer($0) }
            conditions.require("\(severity) IN \(conditions.bind(all: ranks))")
        }
        if !statuses.isEmpty {
            let names = statuses.map(\.rawValue).sorted().map { SQLValue.text($0) }
            conditions.require("status IN \(conditions.bind(all: names))")
        }
        if let isFixable { conditions.require("fixable = \(conditions.bind(.flag(isFixable)))") }
        if let isExploited { conditions.require("exploited = \(conditions.bind(.flag(isExploited)))") }
        if !kinds.isEmpty {
            let names = kinds.map(\.rawValue).sorted().map { SQLValue.text($0) }
            conditions.require("package_kind IN \(conditions.bind(all: names))")
        }
        // An expression, so that the unique key, which begins with the repository and holds little else, is not taken.
        if let repository { conditions.require("repository || '' = \(conditions.bind(.text(repository)))") }
        if let package { conditions.require("package_name = \(conditions.bind(.text(package)))") }
        if let search {
            let (like, pattern) = (dialect.like, conditions.bind(.containing(search)))
            let columns = ["package_name", "flaw", "aliases"].map { "\($0) \(like) \(pattern) ESCAPE '\\'" }
            conditions.require("(\(columns.joined(separator: " OR ")))")
        }
        if image == nil, tag == nil, branchBit != 0 {
            conditions.require("(branches & \(conditions.bind(.integer(branchBit)))) <> 0")
        } else if image != nil || tag != nil || branch != nil {
            var images = conditions.part()
            images.require("i.project_id = \(id)")
            narrow(&images, to: "i")
            conditions.require(images) { condition in
                """
                id IN (SELECT p.finding_id FROM finding_image AS p JOIN image AS i ON i.id = p.image_id WHERE \(condition))
                """
            }
        }
        return conditions
    }

    /// What the filter asks of images.
    func narrow(_ conditions: inout SQLConditions, to alias: String) {
        if let image { conditions.require("\(alias).id = \(conditions.bind(.uuid(image.uuid)))") }
        if let tag { conditions.require("\(alias).tag = \(conditions.bind(.text(tag)))") }
        if let branch { conditions.require("\(alias).branch = \(conditions.bind(.text(branch)))") }
    }
}

extension FindingOrder {
    /// Each order has an index of its own.
    var columns: [String] {
        switch self {
        case .severity: ["severity", "score"]
        case .score: ["score", "severity"]
        case .package: ["package_name", "severity"]
        case .firstSeen: ["first_seen_at", "severity"]
        case .lastSeen: ["last_seen_at", "severity"]
        case .status: ["status", "severity"]
        case .kind: ["package_kind", "severity"]
        }
    }
}
