import Advisories
import Foundation
import HTTPTypes
import Hummingbird
import Storage
import Tenancy

/// What was found in the images of a project.
struct FindingRoutes {
    private let tag = "Results"
    private let path = "/project/{projectId}/results/container"

    func add(to api: inout APIRoutes) {
        addList(to: &api)
        addGet(to: &api)
    }

    private static let listSchema = Schema.object(
        [
            ("projectId", Schema.uuid("Project")), ("projectName", Schema.string("Its name")),
            ("page", Schema.integer("This page, counted from 1")), ("limit", Schema.integer("Items on a full page")),
            ("total", Schema.integer("Length of the whole list")), ("totalPages", Schema.integer("Number of pages")),
            ("sort", Schema.string("As it was asked for")), ("order", Schema.string("As it was asked for")),
            ("severity", Schema.array(Schema.string("Severity"), "Narrowed to")),
            ("status", Schema.array(Schema.string("Status"), "Narrowed to")),
            ("vulnerabilities", Schema.array(StoredFinding.schema)),
            ("vulnCountByType", Schema.object(countedTypes.map { ($0, Schema.integer("Findings")) })),
            ("vulnCounts", Schema.severityCounts),
            (
                "statusCounts",
                Schema.object(
                    FindingStatus.allCases.map { ($0.rawValue, Schema.integer("Findings of this status")) }
                )
            ), ("completeness", ImageCoverage.schema),
        ],
        optional: ["sort", "order"]
    )

    private static let countedTypes = ["sast", "iac", "sca", "container", "cicd", "secret"]

    private func addList(to api: inout APIRoutes) {
        api.add(
            Operation(
                method: .get,
                path: path,
                id: "listFindings",
                tag: tag,
                summary: "The findings in the images of a project",
                description: """
                    A finding is a flaw of a package in a repository, told once whatever number of tags, platforms and scans have it. \
                    `completeness` says what the list cannot know.
                    """,
                query: Operation.Parameter.sort(Array(FindingQuery.orders.keys)) + ResultFilter.parameters,
                success: Operation.Success(
                    status: .ok,
                    description: "A page of findings",
                    schema: Self.listSchema,
                    headers: Operation.pageHeaders
                )
            )
        ) { call in
            let id = try call.projectID()
            let asked = try FindingQuery(call.request)
            try await call.reopenExpiredDecisions(of: id)
            let (body, total) = try await call.read(.project(id, .read)) { session, _ in
                guard let project = try ProjectStore(session).find(id) else { throw APIError.forbidden }
                let listing = try asked.listing(in: id, session)
                let images = ImageStore(session)
                let coverage = try images.coverage(in: id, image: asked.filter.image, branch: asked.filter.branch)
                return (Self.body(asked, listing, project, coverage), listing.total)
            }
            return call.page(body, total: total, asked.paging)
        }
    }

    private static func body(
        _ asked: FindingQuery,
        _ listing: FindingListing,
        _ project: Project,
        _ coverage: ImageCoverage
    ) -> JSON {
        .object([
            ("projectId", .id(project.id)), ("projectName", .string(project.name)),
            ("page", .integer(asked.paging.page.number)), ("limit", .integer(asked.paging.page.size)),
            ("total", .integer(listing.total)), ("totalPages", .integer(asked.paging.pageCount(listing.total))),
            ("sort", .optional(asked.sort)), ("order", .optional(asked.direction)),
            ("severity", .array(asked.filter.severities.sorted(by: >).map { .string($0.rawValue) })),
            ("status", .array(asked.filter.statuses.map(\.rawValue).sorted().map { .string($0) })),
            ("vulnerabilities", .array(listing.findings.map(\.body))),
            (
                "vulnCountByType",
                .object(countedTypes.map { ($0, .integer($0 == "container" ? listing.total : 0)) })
            ), ("vulnCounts", listing.bySeverity.body),
            (
                "statusCounts",
                .object(FindingStatus.allCases.map { ($0.rawValue, .integer(listing.byStatus[$0] ?? 0)) })
            ), ("completeness", coverage.body),
        ])
    }

    private func addGet(to api: inout APIRoutes) {
        api.add(
            Operation(
                method: .get,
                path: "\(path)/{vulnerabilityId}",
                id: "getFinding",
                tag: tag,
                summary: "One finding, with every place that has it",
                success: Operation.Success(status: .ok, description: "The finding", schema: Self.itemSchema)
            )
        ) { call in
            let project = try call.projectID()
            try await call.reopenExpiredDecisions(of: project)
            return .json(
                try await call.read(.project(project, .read)) { session, _ in
                    let finding = try call.finding(in: project, session)
                    return try Self.item(finding, session)
                }
            )
        }
    }

    static let itemSchema = Schema.object([
        ("projectId", Schema.uuid("Project")), ("vulnerabilityId", Schema.uuid("Finding")),
        ("vulnerability", StoredFinding.schema), ("completeness", ImageCoverage.schema),
    ])

    /// One finding with the completeness of what its project knows.
    static func item(_ finding: StoredFinding, _ session: any SQLSession) throws -> JSON {
        [
            "projectId": .id(finding.project), "vulnerabilityId": .id(finding.id), "vulnerability": finding.body,
            "completeness": try ImageStore(session).coverage(in: finding.project).body,
        ]
    }
}

extension FindingQuery {
    fileprivate func listing(in project: ProjectID, _ session: any SQLSession) throws -> FindingListing {
        guard !filter.isContradictory else {
            return FindingListing(findings: [], total: 0, bySeverity: SeverityCounts(), byStatus: [:])
        }
        return try FindingStore(session).list(
            in: project,
            filter.findings,
            order: order,
            isDescending: isDescending,
            page: paging.page
        )
    }
}

extension Call {
    /// The finding in the path, or 404.
    func finding(in project: ProjectID, _ session: any SQLSession) throws -> StoredFinding {
        guard let id = id("vulnerabilityId", as: FindingID.self),
            let finding = try FindingStore(session).find(id, in: project)
        else { throw APIError.notFound("finding", code: .findingNotFound) }
        return finding
    }

    /// Takes back what has ended of the decisions, before anybody who may look does.
    func reopenExpiredDecisions(of project: ProjectID) async throws {
        try await reopenExpiredDecisions(for: .project(project, .read))
    }

    /// Likewise, for whoever has `access`.
    func reopenExpiredDecisions(for access: Access) async throws {
        let now = Date()
        let isNeeded = try await read(access) { session, _ in
            try FindingStore(session).hasExpired(at: now)
        }
        guard isNeeded else { return }
        try await service.database.write { session in _ = try FindingStore(session).reopenExpired(at: now) }
    }
}
