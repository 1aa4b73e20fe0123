import Foundation
import HTTPTypes
import Hummingbird
import Registries
import Scanning
import Storage
import Tenancy

/// Scans of a project: asking for one, looking, listing, cancelling.
struct ScanRoutes {
    private let tag = "Scans"

    func add(to api: inout APIRoutes) {
        for registry in RegistryDescription.all { addStart(registry, to: &api) }
        addPublicStart(to: &api)
        addGet(to: &api)
        addEvents(to: &api)
        addList(to: &api)
        addCancel(to: &api)
    }

    private static let startDescription = """
        A scan that the project asked for already and that still waits is not asked for twice: its id is given again.
        """

    private func addStart(_ registry: RegistryDescription, to api: inout APIRoutes) {
        let kind = registry.kind
        api.add(
            Operation(
                method: .post,
                path: "/integrations/\(kind)/container-registry/project/{projectId}/scan",
                id: "\(kind)_startScan",
                tag: registry.title,
                summary: "Scan an image of \(registry.title)",
                description: Self.startDescription,
                body: Operation.Body(schema: StartScanRequest.credentialSchema),
                success: Operation.Success(
                    status: .accepted,
                    description: "It waits for its turn",
                    schema: Scan.startedSchema,
                    headers: ["Location": "Where the scan is"]
                ),
                errors: [.notFound],
                isCreating: true
            )
        ) { call in
            let project = try call.projectID()
            let grant = try await call.authorize(.project(project, .startScan))
            let body = try await call.jsonBody()
            let asked = try StartScanRequest(withCredential: body)
            return try await call.startingScan(as: grant.principal, body: body) { session in
                let credential = try call.linkedCredential(asked.credential, kind: kind, to: project, grant, session)
                return try Created(asked.scan(in: project, grant, credential: credential), .accepted, session)
            }
        }
    }

    private func addPublicStart(to api: inout APIRoutes) {
        api.add(
            Operation(
                method: .post,
                path: "/project/{projectId}/scan/container/start",
                id: "startPublicScan",
                tag: tag,
                summary: "Scan a public image, without a credential",
                description: Self.startDescription,
                body: Operation.Body(schema: StartScanRequest.publicSchema),
                success: Operation.Success(
                    status: .ok,
                    description: "It waits for its turn",
                    schema: Scan.startedSchema,
                    headers: ["Location": "Where the scan is"]
                ),
                isCreating: true
            )
        ) { call in
            let project = try call.projectID()
            let grant = try await call.authorize(.project(project, .startScan))
            let body = try await call.jsonBody()
            let asked = try StartScanRequest(ofPublicImage: body)
            return try await call.startingScan(as: grant.principal, body: body) { session in
                try Created(asked.scan(in: project, grant, credential: nil), .ok, session)
            }
        }
    }

    private func addGet(to api: inout APIRoutes) {
        api.add(
            Operation(
                method: .get,
                path: "/project/{projectId}/scan/{scanId}",
                id: "getScan",
                tag: tag,
                summary: "One scan: where it stands, and why it failed if it did",
                success: Operation.Success(status: .ok, description: "The scan", schema: Scan.schema)
            )
        ) { call in
            let project = try call.projectID()
            return .json(
                try await call.read(.project(project, .read)) { session, _ in
                    call.service.scans.current(try call.scan(in: project, session)).body
                }
            )
        }
    }

    private func addEvents(to api: inout APIRoutes) {
        api.add(
            Operation(
                method: .get,
                path: "/project/{projectId}/scan/{scanId}/events",
                id: "getScanEvents",
                tag: tag,
                summary: "How a scan goes, as it goes",
                description: """
                    Server-sent events: `progress` with `state`, `status`, `step` and `progress` whenever one of them changes, and at last \
                    `end` with the scan as `getScan` tells it. Between them a comment line says that the stream lives. It ends with \
                    the scan, and after half an hour at the latest; who asks again goes on with what is then, whatever `Last-Event-ID` says.
                    """,
                success: Operation.Success(
                    status: .ok,
                    description: "Events until the scan ends",
                    // No type: readers of the document hold each event against it.
                    schema: ["description": "Server-sent events"],
                    contentType: "text/event-stream"
                )
            )
        ) { call in try await call.scanEvents() }
    }

    private func addList(to api: inout APIRoutes) {
        api.add(
            Operation(
                method: .get,
                path: "/project/{projectId}/scans",
                id: "listScans",
                tag: tag,
                summary: "The scans of a project, the newest first",
                query: [
                    .page, .pageSize,
                    Operation.Parameter(
                        name: "state",
                        description: "Only scans in one of these states",
                        schema: Schema.array(Schema.choice(Scan.State.allCases.map(\.rawValue), "State"))
                    ),
                ],
                success: Operation.Success(
                    status: .ok,
                    description: "Scans",
                    schema: Schema.page("scans", of: Scan.schema),
                    headers: Operation.pageHeaders
                )
            )
        ) { call in
            let project = try call.projectID()
            var query = QueryFields(call.request)
            let states = query.choices("state", as: Scan.State.self)
            let paging = try query.finish()
            let listing = try await call.read(.project(project, .read)) { session, _ in
                try ScanStore(session).list(in: project, states: states, page: paging.page)
                    .map { call.service.scans.current($0).body }
            }
            return call.pagedList("scans", listing, paging)
        }
    }

    private func addCancel(to api: inout APIRoutes) {
        api.add(
            Operation(
                method: .post,
                path: "/project/{projectId}/scan/{scanId}/cancel",
                id: "cancelScan",
                tag: tag,
                summary: "End a scan before its result",
                description: """
                    One that waits ends at once, one that runs as soon as its worker hears of it; to one that has ended nothing \
                    happens. Earlier results stay.
                    """,
                success: Operation.Success(status: .ok, description: "The scan afterwards", schema: Scan.schema)
            )
        ) { call in
            let project = try call.projectID()
            _ = try await call.authorize(.project(project, .startScan))
            return .json(
                try await call.service.database.write { session in
                    let scan = try call.scan(in: project, session)
                    return (try ScanStore(session).cancel(scan.id, in: project, at: Date()) ?? scan).body
                }
            )
        }
    }
}

extension Created {
    /// Puts a scan into the queue and tells its id.
    fileprivate init(_ request: ScanRequest, _ status: HTTPResponse.Status, _ session: any SQLSession) throws {
        let (scan, isNew) = try ScanStore(session).enqueue(request, at: Date())
        self.init(status: status, location: scan.location, body: scan.startedBody(isNew: isNew))
    }
}

extension Call {
    /// Writes a scan into the queue, and wakes the worker once it is there.
    fileprivate func startingScan(
        as principal: Principal,
        body: Data,
        _ insert: @escaping @Sendable (any SQLSession) throws -> Created
    ) async throws -> Response {
        let response = try await create(as: principal, body: body, insert)
        service.scans.wake()
        return response
    }

    /// The scan in the path, or 404.
    func scan(in project: ProjectID, _ session: any SQLSession) throws -> Scan {
        guard let id = id("scanId", as: ScanID.self), let scan = try ScanStore(session).find(id, in: project) else {
            throw APIError.notFound("scan", code: .scanNotFound)
        }
        return scan
    }
}
