public import Synchronization

/// A Harbor that keeps Harbor's rules, its traps among them, on a real port.
///
/// A dead robot is nobody: it gets 200 and public data. What is missing is 403, lists have at most 100 items on a page, a slash
/// in a repository's name must be encoded twice, the session cookie that it sets leads to a 403 when it comes back.
/// Source: Harbor's API description, its source and its issues.
public final class StubHarbor: Sendable {
    /// What it holds.
    public let state: Mutex<HarborStubState>
    private let serverBox: Mutex<StubServer?>
    /// What it was asked.
    public let record: StubRecord
    /// `http://127.0.0.1:port` or `https://…`.
    public var address: String { serverBox.withLock { $0?.address } ?? "" }

    private init(_ state: HarborStubState) {
        self.state = Mutex(state)
        serverBox = Mutex(nil)
        record = StubRecord()
    }

    /// Starts one on 127.0.0.1; `port` 0 takes a free one.
    public static func start(_ state: HarborStubState, port: Int = 0, tls: StubTLS? = nil) async throws -> StubHarbor {
        let stub = StubHarbor(state)
        let scheme = tls == nil ? "http" : "https"
        let server = try await StubServer.start(port: port, tls: tls, record: stub.record) { [weak stub] request in
            stub?.answer(request, scheme: scheme) ?? StubAnswer(503)
        }
        stub.serverBox.withLock { $0 = server }
        return stub
    }

    /// Stops listening.
    public func stop() async { await serverBox.withLock { $0 }?.stop() }

    /// Waits until it is stopped.
    public func wait() async throws { try await serverBox.withLock { $0 }?.wait() }

    private func answer(_ request: StubRequest, scheme: String) -> StubAnswer {
        let state = self.state.withLock { $0 }
        let (identity, delay) = state.identity(of: request)
        var call = HarborStubCall(request: request, state: state, identity: identity, scheme: scheme)
        var answer = call.answer()
        if call.isPull { self.state.withLock { $0.pulls += 1 } }
        answer.delay += delay
        return answer
    }
}

/// One request on its way through the stub.
struct HarborStubCall {
    let request: StubRequest
    let state: HarborStubState
    let identity: HarborStubIdentity
    let scheme: String
    /// Set by the answer: a manifest was got, which counts as a pull.
    var isPull = false

    mutating func answer() -> StubAnswer {
        let path = request.path
        if path.hasPrefix("/api/v2.0/") {
            var answer = apiAnswer()
            // The session that every answer of the API begins.
            answer.headers.append(("Set-Cookie", "sid=0123456789abcdef0123456789abcdef; Path=/; HttpOnly"))
            return answer
        }
        if path == "/service/token" { return tokenAnswer() }
        if path == "/v2" || path.hasPrefix("/v2/") { return distributionAnswer() }
        // The console's page is served for every other path.
        return StubAnswer(
            200,
            headers: [("Content-Type", "text/html")],
            body: Array("<!doctype html><title>Harbor</title>".utf8)
        )
    }

    func require(_ right: String, in project: HarborStubProject) -> StubAnswer? {
        if state.holds(right, identity, in: project) { return nil }
        return identity.isAuthenticated ? HarborStubCall.forbidden : HarborStubCall.unauthorized
    }

    /// The project of a path; a missing one is forbidden, so that nobody learns what exists. The administrator learns it.
    func project(_ name: String) -> HarborStubProject? {
        let isName = request["X-Is-Resource-Name"] == "true" && state.version.minor >= 2
        return state.project(name, isName: isName)
    }

    var missingProject: StubAnswer {
        switch identity {
        case .nobody: HarborStubCall.unauthorized
        case .user(let user) where user.isAdministrator: HarborStubCall.notFound("project not found")
        default: HarborStubCall.forbidden
        }
    }

    static let unauthorized = StubAnswer.errors(401, "UNAUTHORIZED", "unauthorized")
    static let forbidden = StubAnswer.errors(403, "FORBIDDEN", "forbidden")

    static func notFound(_ message: String) -> StubAnswer { .errors(404, "NOT_FOUND", message) }

    /// One page of a list as Harbor cuts it, with its total and its raw, relative `Link`.
    func page(count: Int, item: (Int) -> Any) -> StubAnswer {
        let number = Int(request.query("page") ?? "1") ?? 1
        let size = Int(request.query("page_size") ?? "10") ?? 10
        guard size <= 100, number >= 1 else {
            return .errors(
                422,
                "UNPROCESSABLE_ENTITY",
                "validation failure list:\nvalidation failure list:\npage_size in query should be less than or equal to 100"
            )
        }
        // Zero and less mean everything on some lists.
        let length = size <= 0 ? count : size
        let (offset, isFar) = (number - 1).multipliedReportingOverflow(by: length)
        let start = min(isFar ? count : offset, count)
        let end = min(start + length, count)
        var links: [String] = []
        let others = request.query.filter { $0.name != "page" && $0.name != "page_size" }
        func link(_ page: Int, _ relation: String) {
            // Un-escaped, as Harbor writes it.
            let query = (others + [("page", "\(page)"), ("page_size", "\(size)")]).map { "\($0.name)=\($0.value)" }
            links.append("<\(request.path)?\(query.joined(separator: "&"))>; rel=\"\(relation)\"")
        }
        if start > 0, number > 1 { link(number - 1, "prev") }
        if end < count { link(number + 1, "next") }
        var headers = [("X-Total-Count", "\(count)")]
        if !links.isEmpty { headers.append(("Link", links.joined(separator: " , "))) }
        return .json((start..<end).map(item), headers: headers)
    }
}
