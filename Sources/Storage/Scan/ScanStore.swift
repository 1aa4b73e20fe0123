public import Foundation
public import Tenancy

/// Scans as their projects see them: asking for one, listing, looking, cancelling.
public struct ScanStore {
    let session: any SQLSession

    /// The store on one connection.
    public init(_ session: any SQLSession) { self.session = session }

    /// Puts a scan into the queue. When the same project waits already for the same reference on the same platform with the same
    /// credential, that scan is given and `isNew` is false; one that somebody cancels is not given.
    public func enqueue(_ request: ScanRequest, at now: Date) throws -> (scan: Scan, isNew: Bool) {
        let waiting = try waiting(for: request)
        if let scan = waiting {
            guard request.priority.rawValue < scan.request.priority.rawValue else {
                return (scan, false)
            }
            // Somebody waits now for what a schedule asked for.
            let turn = try turn(of: request)
            try session.execute(
                "UPDATE scan SET priority = $1, turn = $2, updated_at = $3 WHERE id = $4",
                [.integer(request.priority.rawValue), .integer(turn), .time(now), .uuid(scan.id.uuid)]
            )
            return (try find(scan.id, in: request.project) ?? scan, false)
        }
        let id = ScanID()
        try session.execute(
            """
            INSERT INTO scan (id, organization_id, project_id, uses_credential, credential_id, asked_by, image, repository, tag,
                platform, branch, private, severities, state, priority, turn, step, progress, attempts, cancel_asked,
                created_at, updated_at)
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, 'queued', $14, $15, 'queued', 0, 0, 0, $16, $16)
            """,
            [
                .uuid(id.uuid), .uuid(request.organization.uuid), .uuid(request.project.uuid),
                .flag(request.usesCredential), .uuid(request.credential?.uuid), .uuid(request.askedBy?.uuid),
                .text(request.image), .text(request.repository), .text(request.tag), .text(request.platform),
                .text(request.branch), .flag(request.isPrivate), .text(request.severities.joined(separator: " ")),
                .integer(request.priority.rawValue), .integer(try turn(of: request)), .time(now),
            ]
        )
        guard let scan = try find(id, in: request.project) else {
            throw StorageError(.unexpectedValue, "a scan that was just written is not there")
        }
        return (scan, true)
    }

    /// The scan `id` of `project`.
    public func find(_ id: ScanID, in project: ProjectID) throws -> Scan? {
        try session.first(
            "SELECT \(Scan.columns) FROM scan WHERE id = $1 AND project_id = $2",
            [.uuid(id.uuid), .uuid(project.uuid)]
        ).map(Scan.init(row:))
    }

    /// The scans of `project`, newest first; only those in one of `states` when it is not empty.
    public func list(in project: ProjectID, states: Set<Scan.State> = [], page: Page) throws -> Listing<Scan> {
        var conditions = SQLConditions()
        conditions.require("project_id = \(conditions.bind(.uuid(project.uuid)))")
        if !states.isEmpty {
            let states = states.map(\.rawValue).sorted().map { SQLValue.text($0) }
            conditions.require("state IN \(conditions.bind(all: states))")
        }
        let total = try session.count("SELECT COUNT(*) FROM scan WHERE \(conditions.text)", conditions.values)
        let (text, limit) = (conditions.text, conditions.limit(page))
        let items = try session.query(
            "SELECT \(Scan.columns) FROM scan WHERE \(text) ORDER BY id DESC \(limit)",
            conditions.values
        ).map(Scan.init(row:))
        return Listing(items: items, total: total)
    }

    /// Ends a scan that waits, or asks the worker of one that runs to end it; nothing happens to one that has ended. Returns the
    /// scan afterwards; nil when there is none.
    public func cancel(_ id: ScanID, in project: ProjectID, at now: Date) throws -> Scan? {
        try session.execute(
            """
            UPDATE scan SET \(Scan.cancelling), cancel_asked = 1
            WHERE id = $2 AND project_id = $3 AND state = 'queued'
            """,
            [.time(now), .uuid(id.uuid), .uuid(project.uuid)]
        )
        try session.execute(
            "UPDATE scan SET cancel_asked = 1, updated_at = $1 WHERE id = $2 AND project_id = $3 AND state = 'running'",
            [.time(now), .uuid(id.uuid), .uuid(project.uuid)]
        )
        return try find(id, in: project)
    }

    /// Fails the scans with a credential that wait or run: all of them, or those of one project. To be called in the transaction that
    /// deletes or unlinks it; workers that have one hear of it at their next sign of life, and write nothing. Returns how many.
    @discardableResult
    public func failScans(
        with credential: CredentialID,
        in project: ProjectID? = nil,
        _ failure: ScanFailure,
        at now: Date
    ) throws -> Int {
        var values = failure.values + [.time(now), .uuid(credential.uuid)]
        if let project { values.append(.uuid(project.uuid)) }
        return try session.execute(
            """
            UPDATE scan SET \(ScanFailure.ending)
            WHERE credential_id = $7 AND state IN ('queued', 'running')\(project == nil ? "" : " AND project_id = $8")
            """,
            values
        )
    }

    /// The scan that `request` would repeat. One that runs has found out already what the tag stands for, which may have moved since; asked
    /// for again it costs one HEAD where nothing moved. A few wait for one reference at most, one for each credential; an order would have them
    /// looked for among all scans of the project, whose index has that order.
    private func waiting(for request: ScanRequest) throws -> Scan? {
        try session.query(
            """
            SELECT \(Scan.columns) FROM scan
            WHERE project_id = $1 AND image = $2 AND platform = $3 AND state = 'queued'
            LIMIT 100
            """,
            [.uuid(request.project.uuid), .text(request.image), .text(request.platform)]
        ).map(Scan.init(row:)).first {
            $0.request.credential == request.credential && $0.request.usesCredential == request.usesCredential
        }
    }

    /// Behind the project's own scans, and not before the turn that is being served: a project that asks for its first scan comes
    /// next, and one that asked for a thousand has one turn in each round.
    private func turn(of request: ScanRequest) throws -> Int {
        let priority = SQLValue.integer(request.priority.rawValue)
        let own = try session.first(
            """
            SELECT turn FROM scan WHERE project_id = $1 AND state = 'queued' AND priority = $2 ORDER BY turn DESC LIMIT 1
            """,
            [.uuid(request.project.uuid), priority]
        )?.integer(0)
        // Scans that wait for a moment keep turns that are long over.
        let served = try session.first(
            """
            SELECT turn FROM scan WHERE state = 'queued' AND waits_until IS NULL AND priority = $1 ORDER BY turn LIMIT 1
            """,
            [priority]
        )?.integer(0)
        return Int(max(own.map { $0 + 1 } ?? 0, served ?? 0))
    }
}

extension ScanFailure {
    /// The credential of a scan was deleted before its end.
    public static let credentialDeleted = ScanFailure(
        category: .authentication,
        code: "credential-deleted",
        hint: "Start the scan again with another credential",
        message: "the credential was deleted before the scan had ended"
    )

    /// The credential of a scan was unlinked from its project before its end.
    public static let credentialUnlinked = ScanFailure(
        category: .authentication,
        code: "credential-unlinked",
        hint: "Link the credential to the project, or start the scan again with another one",
        message: "the credential was unlinked from the project before the scan had ended"
    )
}
