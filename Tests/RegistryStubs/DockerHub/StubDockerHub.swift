import Foundation
public import Synchronization

/// Docker Hub with its three hosts, each a server of its own, and its rules: a weak token gets 200 and public repositories, a page
/// past the end is a 404, `next` is an absolute address, logins that fail lock out, what one host issues no other takes.
///
/// Source: Docker Hub's API description, Docker's documentation, issues of its users.
public final class StubDockerHub: Sendable {
    /// What it holds.
    public let state: Mutex<DockerHubStubState>
    /// What the API (`hub.docker.com`) was asked.
    public let hub: StubRecord
    /// What the token service (`auth.docker.io`) was asked.
    public let auth: StubRecord
    /// What the registry (`registry-1.docker.io`) was asked.
    public let registry: StubRecord
    private let servers: Mutex<[StubServer]>

    /// Where the API is.
    public var hubAddress: String { address(0) }
    /// Where the token service is.
    public var authAddress: String { address(1) }
    /// Where the registry is.
    public var registryAddress: String { address(2) }

    /// What all three hosts were asked.
    public var requests: [StubRequest] { hub.requests + auth.requests + registry.requests }

    private init(_ state: DockerHubStubState) {
        self.state = Mutex(state)
        (hub, auth, registry) = (StubRecord(), StubRecord(), StubRecord())
        servers = Mutex([])
    }

    /// Starts the three on 127.0.0.1; `ports` 0 take free ones. Their addresses say `localhost`, since a token service at another
    /// port of a literal address is what clients rightly refuse.
    public static func start(
        _ state: DockerHubStubState,
        ports: (hub: Int, auth: Int, registry: Int) = (0, 0, 0),
        tls: StubTLS? = nil
    ) async throws -> StubDockerHub {
        let stub = StubDockerHub(state)
        let hub = try await StubServer.start(host: "localhost", port: ports.hub, tls: tls, record: stub.hub) {
            [weak stub] request in
            stub?.hubAnswer(request) ?? StubAnswer(503)
        }
        let auth = try await StubServer.start(host: "localhost", port: ports.auth, tls: tls, record: stub.auth) {
            [weak stub] request in
            stub?.authAnswer(request) ?? StubAnswer(503)
        }
        let registry = try await StubServer.start(
            host: "localhost",
            port: ports.registry,
            tls: tls,
            record: stub.registry
        ) {
            [weak stub] request in
            stub?.registryAnswer(request) ?? StubAnswer(503)
        }
        stub.servers.withLock { $0 = [hub, auth, registry] }
        return stub
    }

    /// Stops listening.
    public func stop() async {
        for server in servers.withLock({ $0 }) { await server.stop() }
    }

    /// Waits until it is stopped.
    public func wait() async throws {
        for server in servers.withLock({ $0 }) { try await server.wait() }
    }

    private func address(_ index: Int) -> String {
        servers.withLock { index < $0.count ? $0[index].address : "" }
    }

    /// The identity of a login, or why it is refused. Failures count towards the lockout.
    func login(_ identifier: String, _ secret: String, refusal: StubAnswer) -> Result<
        DockerHubStubIdentity, StubRefusal
    > {
        state.withLock { state in
            guard state.failedLogins < state.failedLoginsAllowed else {
                return .failure(
                    StubRefusal(
                        answer: .json(
                            ["detail": "too many failed login attempts for username or IP address"],
                            status: 429,
                            headers: [("Retry-After", "900")]
                        )
                    )
                )
            }
            guard let identity = state.identity(identifier, secret) else {
                state.failedLogins += 1
                return .failure(StubRefusal(answer: refusal))
            }
            return .success(identity)
        }
    }

    /// Who a token of the API was issued to.
    func identity(ofHubToken token: String?) -> DockerHubStubIdentity? {
        guard let token else { return .nobody }
        guard let claims = StubToken.claims(of: token), claims["aud"] as? String == "https://hub.docker.com",
            let expiry = claims["exp"] as? Int, let subject = claims["sub"] as? String
        else { return nil }
        return state.withLock { state in
            guard Double(expiry) > state.now.timeIntervalSince1970 else { return nil }
            if let token = state.tokens.first(where: { "token|\($0.secret.hashValue)" == subject }) {
                return .token(token)
            }
            return state.users.first { "user|\($0.name)" == subject }.map { .password($0) }
        }
    }
}

/// A refusal on its way through a `Result`.
struct StubRefusal: Error {
    let answer: StubAnswer
}
