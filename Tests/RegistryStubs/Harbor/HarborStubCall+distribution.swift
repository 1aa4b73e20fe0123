import Foundation

extension HarborStubCall {
    /// The token service. It knows GET only, and names what a robot really holds, whatever is asked for.
    func tokenAnswer() -> StubAnswer {
        guard request.method == "GET" else { return .text("405 method not allowed", status: 405) }
        guard request.query("service") == "harbor-registry" else { return .text("invalid service", status: 400) }
        let scopes = request.query.filter { $0.name == "scope" }.flatMap { $0.value.split(separator: " ") }
        guard identity.isAuthenticated || !scopes.isEmpty else { return StubAnswer(401) }
        let access = scopes.compactMap { scope -> [String: Any]? in
            let parts = scope.split(separator: ":", maxSplits: 2).map(String.init)
            guard parts.count == 3, parts[0] == "repository" else { return nil }
            let name = String(parts[1].prefix { $0 != "/" })
            var actions: [String] = []
            if let project = state.projects.first(where: { $0.name == name }) {
                for (right, action) in [
                    ("repository:pull", "pull"), ("repository:push", "push"), ("artifact:delete", "delete"),
                ] where state.holds(right, identity, in: project) {
                    actions.append(action)
                }
            }
            return ["type": "repository", "name": parts[1], "actions": actions]
        }
        let now = Int(state.now.timeIntervalSince1970)
        let token = StubToken.issue([
            "iss": "harbor-token-issuer", "sub": state.fullName(of: identity), "aud": "harbor-registry",
            "iat": now, "nbf": now, "exp": now + 1_800, "access": access,
        ])
        return .json([
            "token": token, "access_token": "", "expires_in": 1_800, "issued_at": stubTime(state.now),
        ])
    }

    mutating func distributionAnswer() -> StubAnswer {
        let parts = request.segments.dropFirst()
        if parts.isEmpty { return identity.isAuthenticated ? .json([:] as [String: Any]) : challenge(scope: nil) }
        if parts.first == "_catalog" { return catalog }
        guard let (path, noun, reference) = distributionPath(request) else {
            return .errors(404, "NOT_FOUND", "page not found")
        }
        if let refusal = refusePull(of: path) { return refusal }
        let projectName = String(path.prefix { $0 != "/" })
        guard let project = state.projects.first(where: { $0.name == projectName }),
            let repository = project.repositories.first(where: { $0.path == path })
        else { return .errors(404, "NAME_UNKNOWN", "repository name not known to registry") }
        switch noun {
        case "manifests": return manifest(reference, repository, project)
        case "tags": return tags(of: repository)
        default: return .errors(404, "NOT_FOUND", "resource not found")
        }
    }

    /// Without any Authorization everything is challenged for a token, public or not; with one that is not enough, for Basic.
    private func challenge(scope: String?) -> StubAnswer {
        var value: String
        if request["Authorization"] == nil {
            // The scheme is the configuration's, the host the request's.
            value = "Bearer realm=\"\(state.externalScheme ?? scheme)://\(request["Host"] ?? "")/service/token\""
            value += ",service=\"harbor-registry\""
            if let scope { value += ",scope=\"\(scope)\"" }
        } else {
            value = "Basic realm=\"harbor\""
        }
        return .errors(401, "UNAUTHORIZED", "unauthorized to access", headers: [("Www-Authenticate", value)])
    }

    private func refusePull(of path: String) -> StubAnswer? {
        guard request["Authorization"] != nil else { return challenge(scope: "repository:\(path):pull") }
        let name = String(path.prefix { $0 != "/" })
        guard let project = state.projects.first(where: { $0.name == name }) else {
            return .errors(401, "UNAUTHORIZED", "project \(name) not found", headers: [("Www-Authenticate", "")])
        }
        if let token = request.bearer {
            return StubToken.actions(of: token, on: path).contains("pull") ? nil : challenge(scope: nil)
        }
        return state.holds("repository:pull", identity, in: project) ? nil : challenge(scope: nil)
    }

    private var catalog: StubAnswer {
        // Basic only, and only with a right of the system.
        guard request["Authorization"] != nil else { return challenge(scope: "registry:catalog:*") }
        let holdsCatalog =
            switch identity {
            case .nobody: false
            case .user(let user): user.isAdministrator
            case .robot(let robot): robot.permissions["/"]?.contains("catalog:read") ?? false
            }
        guard holdsCatalog, request.bearer == nil else {
            return .errors(401, "UNAUTHORIZED", "unauthorized to list catalog")
        }
        return .json(["repositories": state.projects.flatMap { $0.repositories.map(\.path) }.sorted()])
    }

    private mutating func manifest(
        _ reference: String,
        _ repository: StubRepository,
        _ project: HarborStubProject
    ) -> StubAnswer {
        if project.blockedRepositories.contains(repository.path) {
            return .errors(
                412,
                "PROJECTPOLICYVIOLATION",
                "current image with 12 vulnerabilities cannot be pulled due to configured policy in 'Prevent images with "
                    + "vulnerability severity of \"High\" or higher from running.'"
            )
        }
        guard let artifact = repository.find(reference) else {
            return .errors(404, "NOT_FOUND", "artifact \(repository.path):\(reference) not found")
        }
        let answer = distributionManifest(request, artifact)
        isPull = request.method == "GET" && answer.status == 200
        return answer
    }

    private func tags(of repository: StubRepository) -> StubAnswer {
        distributionTags(request, repository, StubPaging(link: .relative, cap: 1_000, scheme: scheme))
    }
}
