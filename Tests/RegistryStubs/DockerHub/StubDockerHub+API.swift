import Foundation
import Synchronization

extension StubDockerHub {
    func hubAnswer(_ request: StubRequest) -> StubAnswer {
        // Docker Hub may refuse clients that do not say who they are.
        guard request["User-Agent"] != nil else { return .text("Forbidden", status: 403) }
        let budget = state.withLock { state -> (limit: Int, remaining: Int, reset: Int)? in
            if state.apiRemaining <= 0 { return nil }
            if state.apiRemaining != .max { state.apiRemaining -= 1 }
            let remaining = min(state.apiRemaining, state.apiLimit - 1)
            return (state.apiLimit, remaining, Int(state.now.timeIntervalSince1970) + 60)
        }
        guard let budget else {
            return .json(
                ["detail": "Rate limit exceeded", "error": false],
                status: 429,
                headers: [("Retry-After", "60"), ("X-RateLimit-Remaining", "0")]
            )
        }
        var answer = hubRoute(request)
        answer.headers += [
            ("X-RateLimit-Limit", "\(budget.limit)"), ("X-RateLimit-Remaining", "\(budget.remaining)"),
            ("X-RateLimit-Reset", "\(budget.reset)"),
        ]
        return answer
    }

    private func hubRoute(_ request: StubRequest) -> StubAnswer {
        let parts = request.segments
        if parts.first == "v1" { return .json(["detail": "v1 is gone"], status: 410) }
        if request.method == "POST" {
            return parts == ["v2", "auth", "token"] ? hubLogin(request) : hubError(404, "not found")
        }
        guard request.method == "GET" || request.method == "HEAD" else { return hubError(405, "method not allowed") }
        guard let identity = identity(ofHubToken: request.bearer) else { return hubError(401, "unauthorized") }
        if parts.starts(with: ["v2", "search", "repositories"]) { return search(request) }
        if parts == ["v2", "access-tokens"] {
            guard case .password = identity else {
                return hubError(403, "access is forbidden with a JWT issued from a personal access token")
            }
            return .json(["count": 0, "next": NSNull(), "previous": NSNull(), "results": [] as [Any]])
        }
        if parts.starts(with: ["v2", "repositories"]) {
            guard !identity.isOrganizationToken else {
                return hubError(403, "token issued from organization access token is not allowed")
            }
            return hubError(404, "object not found")
        }
        guard parts.count >= 4, parts.starts(with: ["v2", "namespaces"]), parts[3] == "repositories" else {
            return hubError(404, "page not found")
        }
        return namespaceRoute(request, parts[2], Array(parts.dropFirst(4)), identity)
    }

    private func namespaceRoute(
        _ request: StubRequest,
        _ namespace: String,
        _ rest: [String],
        _ identity: DockerHubStubIdentity
    ) -> StubAnswer {
        let state = self.state.withLock { $0 }
        guard let name = rest.first else {
            var found = state.repositories.filter {
                $0.path.hasPrefix("\(namespace)/") && state.isVisible($0, to: identity, scope: "scope-repository-list")
            }
            if let name = request.query("name") {
                found = found.filter { $0.path.dropFirst(namespace.count + 1).contains(name) }
            }
            if request.query("ordering") == "name" { found.sort { $0.path < $1.path } }
            return hubPage(request, count: found.count) { repositoryEntry(found[$0]) }
        }
        guard let repository = state.repositories.first(where: { $0.path == "\(namespace)/\(name)" }) else {
            return hubError(404, "object not found")
        }
        let scope = rest.count == 1 ? "scope-repository-read" : "scope-tag-read"
        guard state.isVisible(repository, to: identity, scope: scope) else { return hubError(404, "object not found") }
        switch rest.count {
        case 1:
            let actions = state.actions(of: identity, on: repository.path)
            return .json(repositoryInfo(repository, actions: actions))
        case 2 where rest[1] == "tags":
            // Newest first, as the site shows it.
            return hubPage(request, count: repository.tagCount) { tagEntry(repository.tag(at: $0)) }
        case 3 where rest[1] == "tags":
            guard let artifact = repository.find(rest[2]) else { return hubError(404, "object not found") }
            return .json(tagEntry((rest[2], artifact)))
        default: return hubError(404, "page not found")
        }
    }

    private func hubLogin(_ request: StubRequest) -> StubAnswer {
        let body = (try? JSONSerialization.jsonObject(with: Data(request.body))) as? [String: Any]
        guard let identifier = body?["identifier"] as? String, let secret = body?["secret"] as? String else {
            return .json(["fields": ["identifier": ["required"]], "text": "invalid"], status: 400)
        }
        let refusal = StubAnswer.json(["detail": "Incorrect authentication credentials"], status: 401)
        switch login(identifier, secret, refusal: refusal) {
        case .failure(let refusal): return refusal.answer
        case .success(let identity):
            let now = Int(state.withLock { $0.now }.timeIntervalSince1970)
            var own: [String: Any] = ["roles": [] as [Any], "session_id": "s", "username": identity.name, "uuid": "u"]
            var claims: [String: Any] = [
                "aud": "https://hub.docker.com", "iss": "https://api.docker.com/", "iat": now, "exp": now + 600,
                "sub": "user|\(identity.name)",
            ]
            if case .token(let token) = identity {
                claims["sub"] = "token|\(token.secret.hashValue)"
                claims["source"] = ["id": "1", "type": token.isOrganizations ? "oat" : "pat"]
                own["source"] = token.isOrganizations ? "docker_oat|1" : "docker_pat|1"
                if !token.isOrganizations { claims["scope"] = token.scopes.joined(separator: " ") }
            }
            claims["https://hub.docker.com"] = own
            return .json(["access_token": StubToken.issue(claims)])
        }
    }

    private func search(_ request: StubRequest) -> StubAnswer {
        let query = request.query("query") ?? ""
        let found = state.withLock { $0.repositories }.filter { !$0.isPrivate && $0.path.contains(query) }
        return hubPage(request, count: found.count) { index in
            [
                "repo_name": found[index].path, "short_description": "", "star_count": 3, "pull_count": 4_000_000_000,
                "repo_owner": "", "is_automated": false, "is_official": found[index].path.hasPrefix("library/"),
            ] as [String: Any]
        }
    }

    private func hubPage(_ request: StubRequest, count: Int, item: (Int) -> Any) -> StubAnswer {
        let number = Int(request.query("page") ?? "1") ?? 1
        let size = min(Int(request.query("page_size") ?? "10") ?? 10, 100)
        guard number >= 1, size >= 1 else {
            return .json(["fields": [:] as [String: Any], "text": "invalid"], status: 400)
        }
        let (offset, isFar) = (number - 1).multipliedReportingOverflow(by: size)
        // Page 1 of nothing is an empty page; any other page past the end does not exist.
        if number > 1, isFar || offset >= count { return hubError(404, "page not found") }
        let end = min(offset + size, count)
        let pairs = request.query.filter { $0.name != "page" && $0.name != "page_size" }.map {
            "\($0.name)=\($0.value)&"
        }
        func address(_ page: Int) -> Any {
            "\(hubAddress)\(request.path)?\(pairs.joined())page=\(page)&page_size=\(size)"
        }
        return .json([
            "count": count, "next": end < count ? address(number + 1) : NSNull(),
            "previous": number > 1 ? address(number - 1) : NSNull(), "results": (offset..<max(offset, end)).map(item),
        ])
    }

    /// Three shapes of errors are in use; this is the commonest.
    private func hubError(_ status: Int, _ message: String) -> StubAnswer {
        .json(["detail": message, "message": message, "errinfo": [:] as [String: Any]], status: status)
    }
}
