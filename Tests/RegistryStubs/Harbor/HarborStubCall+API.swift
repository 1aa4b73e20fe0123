import Foundation
import OCI

extension HarborStubCall {
    func apiAnswer() -> StubAnswer {
        // A request that carries Harbor's session is held to its CSRF rules on unsafe methods.
        if let cookie = request["Cookie"], cookie.contains("sid="), !["GET", "HEAD"].contains(request.method) {
            return .errors(403, "FORBIDDEN", "CSRF token not found in request")
        }
        // The router decodes once; a repository's name is decoded once more by its handler. So a slash that was encoded once is
        // a slash of the path, which is then nobody's.
        let decoded = request.path.dropFirst("/api/v2.0/".count).removingPercentEncoding ?? ""
        let parts = decoded.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
        guard request.method == "GET" || request.method == "HEAD" else {
            return .errors(405, "METHOD_NOT_ALLOWED", "method \(request.method) is not allowed")
        }
        if parts.first == "projects" { return projectsAnswer(Array(parts.dropFirst())) }
        switch parts {
        case ["ping"]: return .json("Pong")
        case ["health"]: return .json(["status": "healthy", "components": [["name": "core", "status": "healthy"]]])
        case ["systeminfo"]: return systemInfo
        case ["users", "current"]: return currentUser
        case ["users", "current", "permissions"]: return permissions
        case ["labels"]: return labels
        case ["robots"]: return robots
        case ["permissions"]: return identity.isAuthenticated ? HarborStubCall.forbidden : HarborStubCall.unauthorized
        default: return HarborStubCall.notFound("path \(request.path) was not found")
        }
    }

    private func projectsAnswer(_ parts: [String]) -> StubAnswer {
        if parts.isEmpty || parts == [""] { return projects }
        guard let name = parts.first else { return projects }
        let rest = Array(parts.dropFirst())
        guard let project = project(name) else { return missingProject }
        switch rest {
        case []: return require("project:read", in: project) ?? .json(body(of: project))
        case ["repositories"]:
            if let refusal = require("repository:list", in: project) { return refusal }
            let found = filtered(project.repositories)
            return page(count: found.count) { body(of: found[$0], in: project) }
        case ["robots"] where state.version.minor < 13:
            return identity.isAuthenticated ? HarborStubCall.forbidden : HarborStubCall.unauthorized
        default:
            guard rest.count >= 2, rest[0] == "repositories" else {
                return HarborStubCall.notFound("path \(request.path) was not found")
            }
            let path = "\(project.name)/\(rest[1].removingPercentEncoding ?? rest[1])"
            return repositoryAnswer(Array(rest.dropFirst(2)), project.repositories.first { $0.path == path }, project)
        }
    }

    private func repositoryAnswer(
        _ rest: [String],
        _ repository: StubRepository?,
        _ project: HarborStubProject
    ) -> StubAnswer {
        let right =
            switch rest.count {
            case 0: "repository:read"
            case 1: "artifact:list"
            case 2: "artifact:read"
            default: "tag:list"
            }
        guard rest.isEmpty || rest[0] == "artifacts", rest.count <= 2 || rest[2] == "tags" else {
            return HarborStubCall.notFound("path \(request.path) was not found")
        }
        if let refusal = require(right, in: project) { return refusal }
        guard let repository else { return HarborStubCall.notFound("repository not found") }
        if rest.isEmpty { return .json(body(of: repository, in: project)) }
        if rest.count == 1 {
            let query = request.query("q")?.removingPercentEncoding ?? ""
            // Generated artifacts are all tagged.
            let given = repository.artifacts.indices.filter { index in
                guard query == "tags=*" || query == "tags=nil" else { return true }
                return repository.artifacts[index].tags.isEmpty == (query == "tags=nil")
            }
            let others = query == "tags=nil" ? 0 : repository.generated
            return page(count: given.count + others) { index in
                let place = index < given.count ? given[index] : repository.artifacts.count + index - given.count
                return body(of: repository.artifact(at: place), repository, project)
            }
        }
        guard let artifact = repository.find(rest[1]) else {
            return HarborStubCall.notFound("artifact \(rest[1]) not found")
        }
        if rest.count == 2 { return .json(body(of: artifact, repository, project)) }
        return page(count: artifact.tags.count) { tag(artifact.tags[$0], artifact) }
    }

    private var projects: StubAnswer {
        if request.method == "HEAD" {
            guard identity.isAuthenticated else { return StubAnswer(401) }
            let name = request.query("project_name") ?? ""
            return StubAnswer(state.projects.contains { $0.name == name } ? 200 : 404)
        }
        var found = state.visibleProjects(to: identity)
        if let name = request.query("name") { found = found.filter { $0.name.contains(name) } }
        if let isPublic = request.query("public") { found = found.filter { "\($0.isPublic)" == isPublic } }
        return page(count: found.count) { body(of: found[$0]) }
    }

    private func filtered(_ repositories: [StubRepository]) -> [StubRepository] {
        let isSorted =
            request.query("sort") != "name"
            || zip(repositories, repositories.dropFirst()).allSatisfy { $0.path < $1.path }
        let sorted = isSorted ? repositories : repositories.sorted { $0.path < $1.path }
        guard let query = request.query("q")?.removingPercentEncoding, query.hasPrefix("name=") else { return sorted }
        let value = query.dropFirst(5)
        if value.hasPrefix("~") { return sorted.filter { $0.path.contains(value.dropFirst()) } }
        return sorted.filter { $0.path == value }
    }

    private func body(of project: HarborStubProject) -> [String: Any] {
        var body: [String: Any] = [
            "project_id": project.id, "owner_id": 1, "name": project.name, "deleted": false,
            "creation_time": stubTime(StubArtifact.someday), "update_time": stubTime(StubArtifact.someday),
            "repo_count": project.repositories.count,
            "metadata": [
                "public": "\(project.isPublic)", "prevent_vul": "\(!project.blockedRepositories.isEmpty)",
                "severity": "high",
            ],
        ]
        if let id = project.registryID { body["registry_id"] = id }
        return body
    }

    private func body(of repository: StubRepository, in project: HarborStubProject) -> [String: Any] {
        [
            "id": abs(repository.path.utf8.reduce(7) { ($0 &* 31 &+ Int($1)) & 0xFFFF_FFFF }), "project_id": project.id,
            "name": repository.path, "artifact_count": repository.count, "pull_count": 3,
            "creation_time": stubTime(StubArtifact.someday), "update_time": stubTime(StubArtifact.someday),
        ]
    }

    private func body(
        of artifact: StubArtifact,
        _ repository: StubRepository,
        _ project: HarborStubProject
    ) -> [String: Any] {
        var body: [String: Any] = [
            "id": 1, "type": artifact.type, "media_type": artifact.configurationType,
            "manifest_media_type": artifact.mediaType,
            "artifact_type": artifact.artifactType ?? artifact.configurationType,
            "project_id": project.id, "repository_id": 1, "repository_name": repository.path,
            "digest": artifact.digest, "size": artifact.size, "push_time": stubTime(artifact.pushedAt),
            // Go's zero time: never.
            "pull_time": artifact.pulledAt.map(stubTime) ?? "0001-01-01T00:00:00.000Z",
            "extra_attrs": artifact.platforms.isEmpty ? ["architecture": "amd64", "os": "linux"] : [:],
        ]
        let withTags = request.query("with_tag") != "false"
        body["tags"] = withTags && !artifact.tags.isEmpty ? artifact.tags.map { tag($0, artifact) } : NSNull()
        body["references"] =
            artifact.platforms.isEmpty
            ? NSNull()
            : artifact.platforms.map { platform in
                [
                    "child_digest": artifact.digest,
                    "platform": [
                        "os": platform.os, "architecture": platform.architecture, "variant": platform.variant ?? "",
                    ],
                ] as [String: Any]
            }
        return body
    }

    private func tag(_ name: String, _ artifact: StubArtifact) -> [String: Any] {
        [
            "id": 1, "repository_id": 1, "artifact_id": 1, "name": name, "push_time": stubTime(artifact.pushedAt),
            "pull_time": artifact.pulledAt.map(stubTime) ?? "0001-01-01T00:00:00.000Z", "immutable": false,
        ]
    }

    private var labels: StubAnswer {
        guard request.query("scope") == "p" else { return page(count: 0) { _ in [:] as [String: Any] } }
        let id = Int(request.query("project_id") ?? "")
        guard let project = state.projects.first(where: { $0.id == id }) else { return missingProject }
        return require("label:list", in: project) ?? page(count: 0) { _ in [:] as [String: Any] }
    }
}
