import HTTPTypes
import Hummingbird
import Logging

/// The outermost layer: gives each request its id, turns every error into the one error body, sets the headers that every
/// answer has, counts, and writes the log line.
struct Edge: Sendable {
    private let logger: Logger
    private let metrics: ServerMetrics
    private let identifiers = RequestIdentifiers()
    private let headers: [HTTPField]

    init(logger: Logger, metrics: ServerMetrics, isTLS: Bool) {
        self.logger = logger
        self.metrics = metrics
        headers = Edge.securityHeaders + (isTLS ? [Edge.strictTransportSecurity] : [])
    }

    /// The answer of `next`, or the one to its error.
    func answer(
        _ request: Request,
        _ context: PratiqueContext,
        next: (inout PratiqueContext) async throws -> Response
    ) async -> Response {
        var context = context
        context.requestID = identifiers.id(of: request)
        let start = ContinuousClock.now
        metrics.requestBegan()
        var response: Response
        var failure: APIError?
        do {
            response = try await next(&context)
        } catch {
            let known = APIError(error)
            failure = known
            response = known.response(path: request.uri.path, requestID: context.requestID)
        }
        response.headers.append(HTTPField(name: .xRequestID, value: context.requestID))
        if !response.headers.contains(.contentSecurityPolicy) { response.headers.append(Edge.contentPolicy) }
        for field in headers { response.headers.append(field) }
        let duration = ContinuousClock.now - start
        metrics.requestEnded(status: response.status.code, duration: duration)
        log(request, context, response, failure, duration)
        return response
    }

    /// What every answer has; a page of our own may set its own policy for content.
    private static let securityHeaders = [
        HTTPField(name: .xContentTypeOptions, value: "nosniff"), HTTPField(name: .cacheControl, value: "no-store"),
        HTTPField(name: .referrerPolicy, value: "no-referrer"),
    ]
    private static let strictTransportSecurity = HTTPField(name: .strictTransportSecurity, value: "max-age=31536000")
    private static let contentPolicy = HTTPField(
        name: .contentSecurityPolicy,
        value: "default-src 'none'; frame-ancestors 'none'"
    )

    /// Changes and failures are told at `info` and above, reads at `debug`: a log that grows by every read is not read.
    private func log(
        _ request: Request,
        _ context: PratiqueContext,
        _ response: Response,
        _ failure: APIError?,
        _ duration: Duration
    ) {
        let level: Logger.Level =
            response.status.code >= 500 ? .error : request.method == .get && failure == nil ? .debug : .info
        guard logger.logLevel <= level else { return }
        let record = RequestRecord(
            requestID: context.requestID,
            method: request.method.rawValue,
            path: request.uri.path,
            status: response.status.code,
            duration: duration,
            failure: failure,
            client: failure == nil ? nil : context.address,
            trace: context.trace.values
        )
        logger.log(
            level: level,
            failure == nil ? "request served" : "request refused",
            metadata: ["request": .stringConvertible(record)]
        )
    }
}

extension HTTPField.Name {
    private static func known(_ name: String) -> HTTPField.Name {
        // Every name below is a valid token; a name that were not would be told by the first test that runs.
        HTTPField.Name(name) ?? .cacheControl
    }

    static let xRequestID = known("X-Request-Id")
    static let xAPIKey = known("x-api-key")
    static let xTotalCount = known("X-Total-Count")
    static let xPratiqueNote = known("X-Pratique-Note")
    static let idempotencyKey = known("Idempotency-Key")
    static let idempotencyReplayed = known("Idempotency-Replayed")
    static let referrerPolicy = known("Referrer-Policy")
    static let link = known("Link")
    static let xAccelBuffering = known("X-Accel-Buffering")
    static let xRegistryRateLimitLimit = known("X-Registry-RateLimit-Limit")
    static let xRegistryRateLimitRemaining = known("X-Registry-RateLimit-Remaining")
    static let xRegistryRateLimitReset = known("X-Registry-RateLimit-Reset")
}
