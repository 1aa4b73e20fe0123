import HTTPTypes

/// One operation of the API: what the router serves and what `/openapi.json` tells come from the same value.
struct Operation: Sendable {
    let method: HTTPRequest.Method
    /// With `{name}` for parameters: `/project/{projectId}`.
    let path: String
    /// The `operationId`; unique.
    let id: String
    /// The noun that it is listed under.
    let tag: String
    let summary: String
    /// Markdown.
    var description: String?
    var query: [Parameter] = []
    /// The schemas of path parameters that are no UUIDs.
    var pathSchemas: [String: JSON] = [:]
    var body: Body?
    let success: Success
    /// Another answer when all went well.
    var other: Success?
    /// The errors that this operation may answer beyond those that every operation may.
    var errors: [HTTPResponse.Status] = []
    /// Needs no API key.
    var isPublic = false
    /// Takes an `Idempotency-Key`.
    var isCreating = false

    /// A query parameter.
    struct Parameter: Sendable {
        let name: String
        let description: String
        let schema: JSON
        var isRequired = false
    }

    /// A request body.
    struct Body: Sendable {
        var contentType = "application/json"
        let schema: JSON
        var isRequired = true
    }

    /// The answer when all went well.
    struct Success: Sendable {
        let status: HTTPResponse.Status
        let description: String
        /// Nil when there is no body.
        var schema: JSON?
        var contentType = "application/json"
        /// Bodies of other content types that a query can ask for, with their schemas.
        var alternatives: [String: JSON] = [:]
        var headers: [String: String] = [:]
    }

    /// What the answer of a paged list tells beside its body.
    static let pageHeaders = [
        "X-Total-Count": "Length of the whole list", "Link": "Where the other pages are (RFC 8288)",
    ]

    /// The names in the path, in order.
    var pathParameters: [String] {
        path.split(separator: "/").filter { $0.hasPrefix("{") }.map { String($0.dropFirst().dropLast()) }
    }

    /// Every status that it may answer with an error.
    var errorStatuses: [HTTPResponse.Status] {
        var statuses: [HTTPResponse.Status] = isPublic ? [] : [.unauthorized, .forbidden, .tooManyRequests]
        if !pathParameters.filter({ $0 != "organizationId" && $0 != "projectId" }).isEmpty {
            statuses.append(.notFound)
        }
        if !query.isEmpty || body != nil || isCreating { statuses.append(.badRequest) }
        if body != nil { statuses += [.contentTooLarge, .unsupportedMediaType] }
        if isCreating { statuses.append(.conflict) }
        statuses += [.internalServerError, .serviceUnavailable] + errors
        return Array(Set(statuses)).sorted { $0.code < $1.code }
    }
}

extension Operation.Parameter {
    static let page = Operation.Parameter(
        name: "page",
        description: "Which page, counted from 1",
        schema: ["type": "integer", "minimum": 1, "default": 1]
    )
    static let pageSize = Operation.Parameter(
        name: "pageSize",
        description: "Items on a page; more than 100 is taken as 100. `limit` is accepted too",
        schema: ["type": "integer", "minimum": 1, "default": 20]
    )
    static let kind = Operation.Parameter(
        name: "kind",
        description: "Only credentials of this registry kind",
        schema: Schema.registryKind
    )
}
