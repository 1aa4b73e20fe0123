import Advisories
import Foundation
import HTTPTypes
import Hummingbird
import Storage
import Tenancy

/// How many findings there were, day by day.
struct OverviewRoutes {
    /// A year, with both of its ends.
    static let limit = 366
    private static let usual = 30

    private static let description = """
        A day's numbers are those of the last look on it, at most ten minutes before its end in UTC; today's are of now. Findings that \
        are to verify or confirmed are counted by severity. Every day tells of how many images it is made, and how many of these were \
        not read whole. Of days before the first result nothing is known: they have no image.
        """

    private static let parameters = [
        Operation.Parameter(
            name: "from",
            description: "The first day, `2026-11-01`; without it \(usual) days are told, at most \(limit)",
            schema: ["type": "string", "format": "date"]
        ),
        Operation.Parameter(
            name: "to",
            description: "The last day; without it, and when it lies in the future, today",
            schema: ["type": "string", "format": "date"]
        ),
    ]

    func add(to api: inout APIRoutes) {
        add("/organization/{organizationId}", "getOrganizationOverview", "that the caller may read", to: &api) { call in
            let organization = try call.organizationID()
            return (.member(organization), { try $0.readableProjects($1) })
        }
        add("/project/{projectId}", "getProjectOverview", "", to: &api) { call in
            let project = try call.projectID()
            return (.project(project, .read), { _, _ in [project] })
        }
    }

    private typealias Projects = @Sendable (Grant, any SQLSession) throws -> Set<ProjectID>?

    private func add(
        _ path: String,
        _ id: String,
        _ which: String,
        to api: inout APIRoutes,
        _ access: @escaping @Sendable (Call) throws -> (Access, Projects)
    ) {
        let whose = which.isEmpty ? "of a project" : "of the projects of an organization \(which)"
        api.add(
            Operation(
                method: .get,
                path: "\(path)/results/container/overview",
                id: id,
                tag: "Results",
                summary: "The numbers of findings \(whose), day by day",
                description: Self.description,
                query: Self.parameters,
                success: Operation.Success(status: .ok, description: "The days", schema: Self.schema)
            )
        ) { call in
            let (access, projects) = try access(call)
            let today = Day(Date())
            let (first, last) = try Self.range(call.request, today)
            try await call.reopenExpiredDecisions(for: access)
            return .json(
                try await call.read(access) { session, grant in
                    guard let organization = grant.organization else { throw APIError.forbidden }
                    let projects = try projects(grant, session)
                    let store = OverviewStore(session)
                    var days = try store.days(of: organization, projects: projects, from: first, to: last)
                    if last == today, !days.isEmpty {
                        days[days.count - 1] = try store.current(of: organization, projects: projects)
                    }
                    let coverage = try ImageStore(session).coverage(of: organization, projects: projects)
                    return Self.body(days, first, last, coverage)
                }
            )
        }
    }

    private static func range(_ request: Request, _ today: Day) throws(APIError) -> (Day, Day) {
        var query = QueryFields(request)
        let (from, to) = (query.day("from"), query.day("to"))
        let last = min(to ?? today, today)
        let first = from ?? Day(number: last.number - usual + 1)
        if first > last {
            query.complain("from", "must not lie after to, nor in the future")
        } else if last.number - first.number >= limit {
            query.complain("from", "must be at most \(limit) days before to")
        }
        _ = try query.finish()
        return (first, last)
    }

    private static func body(_ days: [FindingNumbers], _ first: Day, _ last: Day, _ coverage: ImageCoverage) -> JSON {
        [
            "from": .string(first.text), "to": .string(last.text),
            "days": .array(
                days.enumerated().map { index, numbers in
                    [
                        "day": .string(Day(number: first.number + index).text), "vulnCounts": numbers.open.body,
                        "open": .integer(numbers.open.total), "resolved": .integer(numbers.resolved),
                        "ignored": .integer(numbers.ignored), "images": .integer(numbers.images),
                        "incompleteImages": .integer(numbers.incompleteImages),
                        "isComplete": .bool(numbers.images > 0 && numbers.incompleteImages == 0),
                    ]
                }
            ), "completeness": coverage.body,
        ]
    }

    private static let schema = Schema.object([
        ("from", Schema.string("The first day")), ("to", Schema.string("The last day")),
        (
            "days",
            Schema.array(
                Schema.object([
                    ("day", Schema.string("In UTC")), ("vulnCounts", Schema.severityCounts),
                    ("open", Schema.integer("Findings to verify or confirmed, of all severities")),
                    ("resolved", Schema.integer("Findings that are resolved")),
                    ("ignored", Schema.integer("Findings that are ignored")),
                    ("images", Schema.integer("Images with a result")),
                    ("incompleteImages", Schema.integer("Of these, those that were not read whole")),
                    ("isComplete", Schema.boolean("Whether there is a result, and every one is of the whole image")),
                ]),
                "The earliest first",
                maximum: limit
            )
        ), ("completeness", ImageCoverage.schema),
    ])
}

extension Day {
    /// `2026-11-24`.
    var text: String { String(start.rfc3339.prefix(10)) }
}
