import Foundation
import Synchronization

extension StubDockerHub {
    /// The token service. Less than was asked for is no error: the token comes with fewer actions.
    func authAnswer(_ request: StubRequest) -> StubAnswer {
        guard request.path == "/token", request.method == "GET" else { return .text("not found", status: 404) }
        guard request.query("service") == "registry.docker.io" else {
            return .json(["details": "invalid service"], status: 400)
        }
        var identity = DockerHubStubIdentity.nobody
        if request["Authorization"] != nil {
            let refusal = StubAnswer.json(["details": "incorrect username or password"], status: 401)
            // A raw access token is no Bearer here.
            guard let (username, password) = request.basic else { return refusal }
            switch login(username, password, refusal: refusal) {
            case .failure(let refusal): return refusal.answer
            case .success(let found): identity = found
            }
        }
        let state = self.state.withLock { $0 }
        let scopes = request.query.filter { $0.name == "scope" }.flatMap { $0.value.split(separator: " ") }
        let access = scopes.compactMap { scope -> [String: Any]? in
            let parts = scope.split(separator: ":", maxSplits: 2).map(String.init)
            guard parts.count == 3, parts[0] == "repository" else { return nil }
            let held = Set(
                parts[1] == StubDockerHub.preview ? ["pull"] : state.actions(of: identity, on: parts[1])
            )
            let granted = parts[2].split(separator: ",").map(String.init).filter(held.contains)
            return ["type": "repository", "name": parts[1], "actions": granted, "parameters": ["pull_limit": "200"]]
        }
        let now = Int(state.now.timeIntervalSince1970)
        let token = StubToken.issue([
            "aud": "registry.docker.io", "iss": "auth.docker.io", "sub": identity.name, "iat": now, "nbf": now,
            "exp": now + 300, "access": access,
        ])
        return .json(["token": token, "access_token": token, "expires_in": 300, "issued_at": stubTime(state.now)])
    }

    func registryAnswer(_ request: StubRequest) -> StubAnswer {
        guard let token = request.bearer else { return challenge(request, scope: nil) }
        guard let claims = StubToken.claims(of: token), claims["aud"] as? String == "registry.docker.io" else {
            return challenge(request, scope: nil, error: "invalid_token")
        }
        if request.segments == ["v2"] { return .json([:] as [String: Any]) }
        guard request.segments != ["v2", "_catalog"] else {
            return challenge(request, scope: "registry:catalog:*", error: "insufficient_scope")
        }
        guard let (path, noun, reference) = distributionPath(request) else {
            return .errors(404, "NOT_FOUND", "page not found")
        }
        guard StubToken.actions(of: token, on: path).contains("pull") else {
            return challenge(request, scope: "repository:\(path):pull", error: "insufficient_scope")
        }
        let (repository, cap) = state.withLock { state in
            (
                path == StubDockerHub.preview
                    ? StubRepository(path, [.image("preview", tags: ["latest"])])
                    : state.repositories.first { $0.path == path }, state.tagListCap
            )
        }
        guard let repository else { return .errors(404, "NAME_UNKNOWN", "repository name not known to registry") }
        switch noun {
        case "tags":
            return distributionTags(request, repository, StubPaging(link: .relative, cap: cap, scheme: "https"))
        case "manifests":
            guard let artifact = repository.find(reference) else {
                return .errors(404, "MANIFEST_UNKNOWN", "manifest unknown")
            }
            return pullAnswer(request, artifact)
        default: return .errors(404, "BLOB_UNKNOWN", "blob unknown to registry")
        }
    }

    private static let preview = "ratelimitpreview/test"

    /// GET of a manifest costs a pull, HEAD does not; both tell what is left.
    private func pullAnswer(_ request: StubRequest, _ artifact: StubArtifact) -> StubAnswer {
        let (limit, remaining) = state.withLock { state -> (Int?, Int) in
            if request.method == "GET", state.pullLimit != nil { state.pullRemaining -= 1 }
            return (state.pullLimit, state.pullRemaining)
        }
        guard let limit else { return distributionManifest(request, artifact) }
        let headers = [
            (name: "ratelimit-limit", value: "\(limit);w=21600"),
            (name: "ratelimit-remaining", value: "\(max(remaining, 0));w=21600"),
            (name: "docker-ratelimit-source", value: "203.0.113.1"),
        ]
        guard remaining >= 0 else {
            return .errors(
                429,
                "TOOMANYREQUESTS",
                "You have reached your pull rate limit as 'someone'",
                headers: headers
            )
        }
        var answer = distributionManifest(request, artifact)
        answer.headers += headers
        return answer
    }

    private func challenge(_ request: StubRequest, scope: String?, error: String? = nil) -> StubAnswer {
        var value = "Bearer realm=\"\(authAddress)/token\",service=\"registry.docker.io\""
        if let scope { value += ",scope=\"\(scope)\"" }
        if let error { value += ",error=\"\(error)\"" }
        return .errors(
            401,
            "UNAUTHORIZED",
            "authentication required",
            headers: [("Www-Authenticate", value), ("Docker-Distribution-Api-Version", "registry/2.0")]
        )
    }
}
