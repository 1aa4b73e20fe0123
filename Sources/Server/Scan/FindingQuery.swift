import Advisories
import Hummingbird
import Inventory
import Storage
import Tenancy

/// How urgent a finding is, in the contract's words. It follows the severity and nothing else, so that lists can be narrowed and
/// sorted by it as by the severity.
enum FindingPriority: String, CaseIterable {
    case criticalUrgent = "critical_urgent"
    case urgent, normal, low
    case veryLow = "very_low"

    init(_ severity: Severity) {
        switch severity {
        case .critical: self = .criticalUrgent
        case .high: self = .urgent
        case .medium: self = .normal
        case .low: self = .low
        case .negligible, .unknown: self = .veryLow
        }
    }

    /// Those that have it.
    var severities: Set<Severity> { Set(Severity.allCases.filter { FindingPriority($0) == self }) }
}

/// What a list of findings or packages is narrowed to.
struct ResultFilter {
    let severities: Set<Severity>
    let statuses: Set<FindingStatus>
    let kinds: Set<Package.Kind>
    let image: ImageID?
    let branch: String?
    let search: String?
    let isFixable: Bool?
    /// A severity and a priority that no finding has together were asked for: the list is empty.
    let isContradictory: Bool

    /// The words of `classType`.
    static let classes: [String: Set<Package.Kind>] = {
        var classes = Dictionary(Package.Kind.allCases.map { ($0.rawValue, Set([$0])) }) { first, _ in first }
        classes["os-pkgs"] = Set(Package.Kind.allCases.filter(\.isDistribution))
        classes["lang-pkgs"] = Set(Package.Kind.allCases.filter { !$0.isDistribution })
        return classes
    }()

    init(_ query: inout QueryFields) {
        let severities = query.choices("severity", as: Severity.self)
        let priorities = query.choices("priority", as: FindingPriority.self)
        statuses = query.choices("status", as: FindingStatus.self)
        kinds = query.choices("classType", of: Self.classes)
        image = query.id("imageId")
        branch = query.text("branch")
        search = query.text("searchQuery")
        isFixable = query.flag("hasAutofix")
        let urgent = Set(priorities.flatMap(\.severities))
        let both = severities.isEmpty ? urgent : urgent.isEmpty ? severities : severities.intersection(urgent)
        self.severities = both
        isContradictory = both.isEmpty && !severities.isEmpty && !urgent.isEmpty
    }

    /// In the terms of findings.
    var findings: FindingFilter {
        var filter = FindingFilter()
        filter.severities = severities
        filter.statuses = statuses
        filter.kinds = kinds
        filter.image = image
        filter.branch = branch
        filter.search = search
        filter.isFixable = isFixable
        return filter
    }

    /// In the terms of packages.
    var packages: PackageFilter {
        var filter = PackageFilter()
        filter.kinds = kinds
        filter.branch = branch
        filter.statuses = statuses
        filter.isFixable = isFixable
        return filter
    }

    /// Its parameters, with those that every list of results has.
    static let parameters: [Operation.Parameter] = {
        func words(_ name: String, _ description: String, _ words: [String]) -> Operation.Parameter {
            Operation.Parameter(
                name: name,
                description: "\(description). `\(name)[]=a` and `\(name)=a,b` are accepted too",
                schema: Schema.array(Schema.choice(words, description))
            )
        }
        return [
            words("severity", "Only these severities", Severity.worstFirst.map(\.rawValue)),
            words("status", "Only findings of these statuses", FindingStatus.allCases.map(\.rawValue)),
            words(
                "priority",
                "Only these priorities, which follow the severity",
                FindingPriority.allCases.map(\.rawValue)
            ),
            words("classType", "Only these kinds of package", classes.keys.sorted()),
            Operation.Parameter(name: "imageId", description: "Only of this image", schema: Schema.uuid("Image")),
            Operation.Parameter(
                name: "searchQuery",
                description: "Part of the package's name; for findings also of any id of the flaw",
                schema: Schema.string("Text", maximum: QueryFields.textLimit)
            ),
            .branch,
            Operation.Parameter(
                name: "hasAutofix",
                description: "Whether there is a version to go to",
                schema: Schema.boolean("Fixable")
            ),
        ] + Operation.Parameter.resultPages
    }()
}

extension Operation.Parameter {
    static let branch = Operation.Parameter(
        name: "branch",
        description: "Only of images of this branch",
        schema: Schema.string("Branch", maximum: QueryFields.textLimit)
    )

    /// The pages of lists of results, under the names that the contract documents.
    static let resultPages = [
        page,
        Operation.Parameter(
            name: "limit",
            description:
                "Items on a page; more than 100 is taken as 100. `pageSize`, `pageNumber`, `pageSizeNumber` are accepted too",
            schema: ["type": "integer", "minimum": 1, "default": 20]
        ),
    ]

    static func sort(_ words: [String]) -> [Operation.Parameter] {
        [
            Operation.Parameter(
                name: "sort",
                description: "What the list is sorted by",
                schema: Schema.choice(words.sorted(), "Order")
            ),
            Operation.Parameter(
                name: "order",
                description: "Direction, in either case. Severities and priorities ascend from the worst to the least",
                schema: Schema.choice(["asc", "desc", "ASC", "DESC"], "Direction")
            ),
        ]
    }
}

/// What a list of findings is asked for.
struct FindingQuery {
    let filter: ResultFilter
    let order: FindingOrder
    let isDescending: Bool
    let paging: Paging
    /// As it was asked for.
    let sort: String?
    let direction: String?

    /// The words of `sort`: the contract's, and ours for what it does not have.
    static let orders: [String: FindingOrder] = [
        "currentSeverity": .severity, "currentPriority": .severity, "currentState": .status, "language": .kind,
        "createdAt": .firstSeen, "updateAt": .lastSeen, "score": .score, "packageName": .package,
    ]

    init(_ request: Request) throws(APIError) {
        var query = QueryFields(request)
        filter = ResultFilter(&query)
        let order = query.choice("sort", of: Self.orders)
        let isAscending = query.choice("order", of: ["asc": true, "desc": false])
        self.order = order ?? .severity
        // The contract lists severities from critical down, and its client asks for them ascending to see the worst first.
        let worstFirst = (order ?? .severity) == .severity
        isDescending = worstFirst ? isAscending ?? true : !(isAscending ?? (order != .score))
        paging = try query.finish()
        sort = order.flatMap { _ in request.uri.queryParameters["sort"].map(String.init) }
        direction = isAscending.map { $0 ? "asc" : "desc" }
    }
}
