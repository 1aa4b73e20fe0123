import HTTPTypes
import Hummingbird
import NIOCore
import Storage

/// Health, metrics and documents. None of them ever calls a registry.
struct ServiceRoutes {
    private let tag = "Service"
    let state: ServiceState

    func add(to api: inout APIRoutes) {
        addHealth(to: &api)
        addMetrics(to: &api)
    }

    private func addHealth(to api: inout APIRoutes) {
        let state = state
        let schema = Schema.object([("status", Schema.string("ok or ready"))])
        api.add(
            Operation(
                method: .get,
                path: "/livez",
                id: "getLiveness",
                tag: tag,
                summary: "Whether the process is alive",
                success: Operation.Success(status: .ok, description: "It is", schema: schema),
                isPublic: true
            )
        ) { _ in .json(["status": "ok"]) }
        api.add(
            Operation(
                method: .get,
                path: "/readyz",
                id: "getReadiness",
                tag: tag,
                summary: "Whether requests can be served: the database answers and the server is not stopping",
                success: Operation.Success(
                    status: .ok,
                    description: "They can",
                    schema: Schema.object([
                        ("status", Schema.string("ready")),
                        ("unreadableCredentials", Schema.integer("Credentials whose root key is missing")),
                    ])
                ),
                isPublic: true
            )
        ) { call in
            guard !state.isStopping else {
                throw APIError(
                    status: .serviceUnavailable,
                    code: .overloaded,
                    message: "the server is stopping",
                    retryAfter: 5
                )
            }
            _ = try await call.service.database.read { session in try session.query("SELECT 1", []) }
            return .json(["status": "ready", "unreadableCredentials": .integer(state.unreadableCredentials)])
        }
    }

    private func addMetrics(to api: inout APIRoutes) {
        let state = state
        api.add(
            Operation(
                method: .get,
                path: "/metrics",
                id: "getMetrics",
                tag: tag,
                summary: "Counters in Prometheus' text format; no names, no ids",
                success: Operation.Success(
                    status: .ok,
                    description: "Metrics",
                    schema: ["type": "string"],
                    contentType: "text/plain"
                ),
                isPublic: true
            )
        ) { call in
            .text(
                call.service.metrics.text(
                    commits: state.commits(),
                    probes: call.service.verifier.metrics,
                    advisories: call.service.advisories
                ),
                type: "text/plain; version=0.0.4; charset=utf-8"
            )
        }
    }

    /// Adds `/openapi.json` and `/docs`, which tell of every operation that was added before, and of themselves.
    func addDocuments(to api: inout APIRoutes) {
        let documents: [(Operation, (([Operation]) -> Response))] = [
            (
                Operation(
                    method: .get,
                    path: "/openapi.json",
                    id: "getOpenAPIDocument",
                    tag: tag,
                    summary: "This API as an OpenAPI 3.0 document",
                    success: Operation.Success(status: .ok, description: "The document", schema: ["type": "object"]),
                    isPublic: true
                ),
                { .json(OpenAPIDocument(operations: $0).json) }
            ),
            (
                Operation(
                    method: .get,
                    path: "/docs",
                    id: "getDocumentationPage",
                    tag: tag,
                    summary: "This API as a page to read",
                    success: Operation.Success(
                        status: .ok,
                        description: "The page",
                        schema: ["type": "string"],
                        contentType: "text/html"
                    ),
                    isPublic: true
                ),
                { .page(DocumentationPage(operations: $0).html) }
            ),
        ]
        let all = api.operations + documents.map(\.0)
        for (operation, make) in documents {
            let response = make(all)
            api.add(operation) { _ in response }
        }
    }
}

/// What health and metrics tell of the process.
struct ServiceState: Sendable {
    let unreadableCredentials: Int
    let commits: @Sendable () -> (transactions: Int, bodies: Int)
    let stopping: StopFlag

    var isStopping: Bool { stopping.isSet }
}

extension Response {
    /// A text answer.
    static func text(_ text: String, type: String) -> Response {
        let buffer = ByteBuffer(string: text)
        return Response(
            status: .ok,
            headers: [.contentType: type, .contentLength: String(buffer.readableBytes)],
            body: ResponseBody(byteBuffer: buffer)
        )
    }

    /// A page without scripts; its style is its own.
    static func page(_ html: String) -> Response {
        var response = text(html, type: "text/html; charset=utf-8")
        response.headers[.contentSecurityPolicy] =
            "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'"
        return response
    }
}
