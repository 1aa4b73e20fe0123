import HTTPTypes
import Hummingbird

/// The API: each operation is given once, and becomes a route and an entry of the OpenAPI document.
struct APIRoutes {
    typealias Handler = @Sendable (Call) async throws -> Response

    private(set) var operations: [Operation] = []
    private var tree = RouteTree<Handler>()
    private let service: Call.Service

    init(service: Call.Service) {
        self.service = service
    }

    /// Serves `operation` with `handler`.
    mutating func add(_ operation: Operation, _ handler: @escaping Handler) {
        operations.append(operation)
        tree.add(operation.method, operation.path, handler)
        // HEAD is GET without the body. Source: RFC 9110, section 9.3.2.
        guard operation.method == .get else { return }
        tree.add(.head, operation.path) { call in
            let response = try await handler(call)
            var headers = response.headers
            if let length = response.body.contentLength { headers[.contentLength] = String(length) }
            return Response(status: response.status, headers: headers)
        }
    }

    /// What answers every request, behind `edge`.
    func responder(behind edge: Edge) -> APIResponder {
        APIResponder(edge: edge, tree: tree, service: service)
    }
}

/// Finds the route of a request and runs it.
struct APIResponder: HTTPResponder {
    let edge: Edge
    let tree: RouteTree<APIRoutes.Handler>
    let service: Call.Service

    func respond(to request: Request, context: PratiqueContext) async throws -> Response {
        await edge.answer(request, context) { context in
            switch tree.find(request.method, request.uri.path) {
            case .found(let handler, let parameters):
                context.parameters = parameters
                return try await handler(Call(request: request, context: context, service: service))
            case .otherMethods(let methods):
                // A fixed segment and a parameter may both fit.
                let unique = methods.reduce(into: [String]()) {
                    if !$0.contains($1.rawValue) { $0.append($1.rawValue) }
                }
                throw APIError(
                    status: .methodNotAllowed,
                    code: .methodNotAllowed,
                    message: "this path does not take \(request.method.rawValue)",
                    allow: unique
                )
            case .nothing: throw APIError.notFound("path")
            }
        }
    }
}
