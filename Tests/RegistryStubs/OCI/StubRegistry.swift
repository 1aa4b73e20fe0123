import Foundation
public import Synchronization

/// How a StubRegistry lets anybody in.
public enum StubRegistryAccess: String, Sendable, CaseIterable {
    /// Everybody may do everything; what is sent is not looked at.
    case open
    /// Name and password with every request.
    case basic
    /// A token of its own service, which refuses wrong passwords.
    case bearer
    /// As `bearer`, and everybody may pull.
    case bearerWithPublicPull
    /// A token of its own service, which takes a wrong password for nobody, as Harbor does; everybody may pull.
    case bearerForgiving
    /// As `bearer`, with tokens that tell nothing.
    case bearerOpaque
}

/// What a StubRegistry says when its catalogue is asked for.
public enum StubRegistryCatalog: String, Sendable, CaseIterable {
    /// Every repository.
    case complete
    /// None, with 200.
    case empty
    /// 404.
    case missing
    /// 401, whoever asks.
    case refused
}

/// An account of a StubRegistry.
public struct StubRegistryUser: Sendable {
    /// The name.
    public var name: String
    /// The password.
    public var password: String
    /// `pull`, `push`, `delete` by repository, or by `*` for all.
    public var actions: [String: Set<String>]

    /// An account.
    public init(name: String, password: String, actions: [String: Set<String>] = ["*": ["pull"]]) {
        self.name = name
        self.password = password
        self.actions = actions
    }

    func actions(on repository: String) -> Set<String> { actions[repository] ?? actions["*"] ?? [] }
}

/// Everything that a StubRegistry holds; tests change it while it runs.
public struct StubRegistryState: Sendable {
    /// How it lets anybody in.
    public var access: StubRegistryAccess
    /// What its catalogue says.
    public var catalog: StubRegistryCatalog
    /// Its accounts.
    public var users: [StubRegistryUser]
    /// Its repositories.
    public var repositories: [StubRepository]
    /// How it writes the address of the next page.
    public var link = StubLinkStyle.relative
    /// No page is longer, whatever is asked for.
    public var pageCap = 1_000

    /// A registry.
    public init(
        access: StubRegistryAccess = .bearer,
        catalog: StubRegistryCatalog = .complete,
        users: [StubRegistryUser] = [],
        repositories: [StubRepository] = []
    ) {
        self.access = access
        self.catalog = catalog
        self.users = users
        self.repositories = repositories
    }
}

/// A registry that speaks the OCI distribution API, with as many of the differences between registries as tests need.
public final class StubRegistry: Sendable {
    /// What it holds.
    public let state: Mutex<StubRegistryState>
    /// What it was asked.
    public let record: StubRecord
    private let server: Mutex<StubServer?>
    private let scheme: String

    /// `http://127.0.0.1:port` or `https://…`.
    public var address: String { server.withLock { $0?.address } ?? "" }

    private init(_ state: StubRegistryState, scheme: String) {
        self.state = Mutex(state)
        self.scheme = scheme
        record = StubRecord()
        server = Mutex(nil)
    }

    /// Starts one on 127.0.0.1; `port` 0 takes a free one.
    public static func start(_ state: StubRegistryState, port: Int = 0, tls: StubTLS? = nil) async throws
        -> StubRegistry
    {
        let stub = StubRegistry(state, scheme: tls == nil ? "http" : "https")
        let server = try await StubServer.start(port: port, tls: tls, record: stub.record) { [weak stub] request in
            stub?.answer(request) ?? StubAnswer(503)
        }
        stub.server.withLock { $0 = server }
        return stub
    }

    /// Stops listening.
    public func stop() async { await server.withLock { $0 }?.stop() }

    /// Waits until it is stopped.
    public func wait() async throws { try await server.withLock { $0 }?.wait() }

    private func answer(_ request: StubRequest) -> StubAnswer {
        let state = self.state.withLock { $0 }
        if request.path == "/token" { return tokenAnswer(request, state) }
        guard request.path == "/v2" || request.path.hasPrefix("/v2/") else { return .text("not found", status: 404) }
        guard request.method == "GET" || request.method == "HEAD" else {
            return .errors(405, "UNSUPPORTED", "the operation is unsupported")
        }
        let paging = StubPaging(link: state.link, cap: state.pageCap, scheme: scheme)
        if request.segments == ["v2"] { return allowed(request, state, nil) ?? .json([:] as [String: Any]) }
        if request.segments == ["v2", "_catalog"] { return catalog(request, state, paging) }
        guard let (path, noun, reference) = distributionPath(request) else { return .text("not found", status: 404) }
        if let refusal = allowed(request, state, path) { return refusal }
        guard let repository = state.repositories.first(where: { $0.path == path }) else {
            return .errors(404, "NAME_UNKNOWN", "repository name not known to registry")
        }
        switch noun {
        case "tags": return distributionTags(request, repository, paging)
        case "manifests":
            guard let artifact = repository.find(reference) else {
                return .errors(404, "MANIFEST_UNKNOWN", "manifest unknown")
            }
            return distributionManifest(request, artifact)
        case "blobs":
            for index in 0..<repository.count {
                guard let blob = repository.artifact(at: index).blobs[reference] else { continue }
                return StubAnswer(200, headers: [("Content-Type", "application/octet-stream")], body: blob)
            }
            return .errors(404, "BLOB_UNKNOWN", "blob unknown to registry")
        default: return .errors(404, "UNSUPPORTED", "the operation is unsupported")
        }
    }

    private func catalog(_ request: StubRequest, _ state: StubRegistryState, _ paging: StubPaging) -> StubAnswer {
        switch state.catalog {
        case .missing: return .errors(404, "NOT_FOUND", "page not found")
        case .refused: return challenge(request, state, scope: "registry:catalog:*")
        case .empty: return allowed(request, state, nil) ?? .json(["repositories": [] as [String]])
        case .complete:
            if let refusal = allowed(request, state, nil) { return refusal }
            let names = state.repositories.map(\.path).sorted()
            return distributionPage(request, names, member: "repositories", name: nil, paging)
        }
    }

    /// Nil when the request may go on; `repository` is what it wants to pull.
    private func allowed(_ request: StubRequest, _ state: StubRegistryState, _ repository: String?) -> StubAnswer? {
        let scope = repository.map { "repository:\($0):pull" }
        switch state.access {
        case .open: return nil
        case .basic:
            guard let (name, password) = request.basic,
                let user = state.users.first(where: { $0.name == name && $0.password == password })
            else { return challenge(request, state, scope: scope) }
            guard repository.map({ user.actions(on: $0).contains("pull") }) ?? true else {
                return .errors(403, "DENIED", "requested access to the resource is denied")
            }
            return nil
        case .bearer, .bearerWithPublicPull, .bearerForgiving, .bearerOpaque:
            guard let token = request.bearer else { return challenge(request, state, scope: scope) }
            let text = token.hasPrefix("opaque.") ? String(token.dropFirst(7)) : token
            guard StubToken.claims(of: text) != nil else {
                return challenge(request, state, scope: scope, error: "invalid_token")
            }
            guard let repository, !StubToken.actions(of: text, on: repository).contains("pull") else { return nil }
            return challenge(request, state, scope: scope, error: "insufficient_scope")
        }
    }

    private func challenge(
        _ request: StubRequest,
        _ state: StubRegistryState,
        scope: String?,
        error: String? = nil
    ) -> StubAnswer {
        var value = "Basic realm=\"stub\""
        if state.access != .basic {
            value = "Bearer realm=\"\(scheme)://\(request["Host"] ?? "")/token\",service=\"stub\""
            if let scope { value += ",scope=\"\(scope)\"" }
            if let error { value += ",error=\"\(error)\"" }
        }
        return .errors(401, "UNAUTHORIZED", "authentication required", headers: [("WWW-Authenticate", value)])
    }

    private func tokenAnswer(_ request: StubRequest, _ state: StubRegistryState) -> StubAnswer {
        guard request.method == "GET" else { return .text("method not allowed", status: 405) }
        var user: StubRegistryUser?
        if let (name, password) = request.basic {
            user = state.users.first { $0.name == name && $0.password == password }
            if user == nil, state.access != .bearerForgiving {
                return .errors(401, "UNAUTHORIZED", "incorrect username or password")
            }
        } else if state.access == .bearer || state.access == .bearerOpaque {
            return .errors(401, "UNAUTHORIZED", "authentication required")
        }
        let isPublic = state.access == .bearerWithPublicPull || state.access == .bearerForgiving
        let scopes = request.query.filter { $0.name == "scope" }.flatMap { $0.value.split(separator: " ") }
        let access = scopes.compactMap { scope -> [String: Any]? in
            let parts = scope.split(separator: ":", maxSplits: 2).map(String.init)
            guard parts.count == 3 else { return nil }
            let held = (user?.actions(on: parts[1]) ?? []).union(isPublic ? ["pull"] : [])
            let granted = parts[2].split(separator: ",").map(String.init).filter {
                held.contains($0) || parts[0] == "registry"
            }
            return ["type": parts[0], "name": parts[1], "actions": granted]
        }
        let now = Int(Date().timeIntervalSince1970)
        let token = StubToken.issue([
            "iss": "stub", "sub": user?.name ?? "", "aud": "stub", "iat": now, "nbf": now, "exp": now + 300,
            "access": access,
        ])
        return .json(["token": state.access == .bearerOpaque ? "opaque.\(token)" : token, "expires_in": 300])
    }
}
