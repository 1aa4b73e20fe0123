import Foundation
import HTTPTypes
import Hummingbird
import Registries
import Storage
import Tenancy

/// What people decide of findings.
struct DecisionRoutes {
    private let tag = "Results"
    private let path = "/project/{projectId}/results/container"

    /// As many ids as fit the largest body.
    static let batchLimit = 1_000
    /// A reason is a sentence or a few.
    static let reasonLimit = 2_000

    func add(to api: inout APIRoutes) {
        addOne(to: &api)
        addMany(to: &api)
        addUnmatched(to: &api)
    }

    private static let schema: [(String, JSON)] = [
        ("status", Schema.choice(FindingStatus.allCases.map(\.rawValue), "What it is from now on")),
        ("reason", Schema.string("Why", maximum: reasonLimit).adding(["nullable": true])),
        ("expiresAt", Schema.time("When it is to be verified again", nullable: true)),
    ]

    private func addOne(to api: inout APIRoutes) {
        api.add(
            Operation(
                method: .patch,
                path: "\(path)/{vulnerabilityId}",
                id: "decideFinding",
                tag: tag,
                summary: "Decide what a finding is",
                description: """
                    The decision follows the finding to new tags, digests and versions until it ends; `to_verify` takes it back.
                    """,
                body: Operation.Body(schema: Schema.object(Self.schema, optional: ["reason", "expiresAt"])),
                success: Operation.Success(status: .ok, description: "The finding", schema: FindingRoutes.itemSchema)
            )
        ) { call in
            let project = try call.projectID()
            let grant = try await call.authorize(.project(project, .startScan))
            // An id that is nobody's is told before what is wrong with the body.
            _ = try await call.service.database.read { session in try call.finding(in: project, session) }
            var fields = try await call.fields()
            let decision = try fields.decision(by: grant.principal.user)
            return .json(
                try await call.service.database.write { session in
                    let finding = try call.finding(in: project, session)
                    _ = try FindingStore(session).decide(decision, on: [finding.id], in: project)
                    return try FindingRoutes.item(call.finding(in: project, session), session)
                }
            )
        }
    }

    private func addMany(to api: inout APIRoutes) {
        api.add(
            Operation(
                method: .patch,
                path: path,
                id: "decideFindings",
                tag: tag,
                summary: "Decide what many findings are",
                description: "Ids that name no finding of the project are told in `unknown`; the others are decided.",
                body: Operation.Body(
                    schema: Schema.object(
                        [("vulnerabilityIds", Schema.array(Schema.uuid("Finding"), maximum: Self.batchLimit))]
                            + Self.schema,
                        optional: ["reason", "expiresAt"]
                    )
                ),
                success: Operation.Success(
                    status: .ok,
                    description: "What was decided",
                    schema: Schema.object([
                        ("decided", Schema.array(Schema.uuid("Finding"))),
                        ("unknown", Schema.array(Schema.uuid("Not a finding of the project"))),
                    ])
                )
            )
        ) { call in
            let project = try call.projectID()
            let grant = try await call.authorize(.project(project, .startScan))
            var fields = try await call.fields()
            let ids = fields.ids("vulnerabilityIds", limit: Self.batchLimit, as: FindingID.self)
            if ids?.isEmpty ?? !fields.errors.contains(where: { $0.field.hasPrefix("vulnerabilityIds") }) {
                fields.complain("vulnerabilityIds", "must name at least one finding")
            }
            let decision = try fields.decision(by: grant.principal.user)
            let named = ids ?? []
            return .json(
                try await call.service.database.write { session in
                    let decided = try FindingStore(session).decide(decision, on: named, in: project)
                    let known = Set(decided)
                    return [
                        "decided": .array(decided.map { .id($0) }),
                        "unknown": .array(named.filter { !known.contains($0) }.map { .id($0) }),
                    ]
                }
            )
        }
    }

    private func addUnmatched(to api: inout APIRoutes) {
        api.add(
            Operation(
                method: .get,
                path: "\(path)/decisions/unmatched",
                id: "listUnmatchedDecisions",
                tag: tag,
                summary: "The decisions of a project that match nothing any more",
                description: """
                    Each is on a finding that no image of the project has now. It counts again when an image has it again, until it ends \
                    or is taken back.
                    """,
                query: Operation.Parameter.resultPages,
                success: Operation.Success(
                    status: .ok,
                    description: "A page of findings",
                    schema: Schema.page(
                        "vulnerabilities",
                        of: StoredFinding.schema,
                        beside: [("completeness", ImageCoverage.schema)]
                    ),
                    headers: Operation.pageHeaders
                )
            )
        ) { call in
            let project = try call.projectID()
            let paging = try Paging(call.request)
            try await call.reopenExpiredDecisions(of: project)
            let (listing, coverage) = try await call.read(.project(project, .read)) { session, _ in
                let listing = try FindingStore(session).unmatchedDecisions(in: project, page: paging.page)
                return (listing.map(\.body), try ImageStore(session).coverage(in: project))
            }
            let body = paging.body("vulnerabilities", listing).adding(["completeness": coverage.body])
            return call.page(body, total: listing.total, paging)
        }
    }
}

extension RequestFields {
    /// A decision, or every complaint of the request.
    fileprivate mutating func decision(by author: UserID) throws(APIError) -> FindingDecision {
        let status = choice("status", as: FindingStatus.self)
        let reason = optionalText("reason", limit: DecisionRoutes.reasonLimit)
        let expiresAt = optionalTime("expiresAt")
        let now = Date()
        if let expiresAt, expiresAt <= now { complain("expiresAt", "must lie in the future") }
        try finish()
        guard let status else { throw .internalError(cause: "a decision without complaints has no status") }
        return FindingDecision(status: status, reason: reason, author: author, decidedAt: now, expiresAt: expiresAt)
    }
}
