import HTTPTypes
import Hummingbird
import Synchronization

/// The API: each operation is given once, and becomes a route and an entry of the OpenAPI document.
struct APIRoutes {
    private(set) var operations: [Operation] = []
    let router: Router<PratiqueContext>
    private let service: Call.Service

    init(router: Router<PratiqueContext>, service: Call.Service) {
        self.router = router
        self.service = service
    }

    /// Serves `operation` with `handler`.
    mutating func add(_ operation: Operation, _ handler: @escaping @Sendable (Call) async throws -> Response) {
        operations.append(operation)
        let service = service
        router.on(RouterPath(operation.routerPath), method: operation.method) { request, context in
            try await handler(Call(request: request, context: context, service: service))
        }
        // HEAD is GET without the body. Source: RFC 9110, section 9.3.2.
        guard operation.method == .get else { return }
        router.on(RouterPath(operation.routerPath), method: .head) { request, context in
            let response = try await handler(Call(request: request, context: context, service: service))
            var headers = response.headers
            if let length = response.body.contentLength { headers[.contentLength] = String(length) }
            return Response(status: response.status, headers: headers)
        }
    }
}

/// Turns the router's bare 404 into ours: 405 where the path exists under other methods, else 404.
final class UnmatchedMiddleware: RouterMiddleware {
    private let operationsByDepth = Mutex<[Int: [Operation]]>([:])

    /// Tells which operations exist, once all routes are added.
    func know(_ operations: [Operation]) {
        let grouped = Dictionary(grouping: operations) { $0.path.split(separator: "/").count }
        operationsByDepth.withLock { $0 = grouped }
    }

    func handle(
        _ request: Request,
        context: PratiqueContext,
        next: (Request, PratiqueContext) async throws -> Response
    ) async throws -> Response {
        do {
            return try await next(request, context)
        } catch let error as HTTPError where error.status == .notFound {
            let methods = methods(at: request.uri.path)
            guard !methods.isEmpty else { throw APIError.notFound("path") }
            throw APIError(
                status: .methodNotAllowed,
                code: .methodNotAllowed,
                message: "this path does not take \(request.method.rawValue)",
                allow: methods
            )
        }
    }

    private func methods(at path: String) -> [String] {
        let segments = path.split(separator: "/")
        let methods = (operationsByDepth.withLock { $0[segments.count] } ?? []).filter { operation in
            zip(operation.path.split(separator: "/"), segments).allSatisfy { $0.hasPrefix("{") || $0 == $1 }
        }.map(\.method.rawValue)
        // A fixed segment and a parameter may both fit.
        let unique = methods.reduce(into: [String]()) { if !$0.contains($1) { $0.append($1) } }
        return unique.contains("GET") ? unique + ["HEAD"] : unique
    }
}
