import Foundation
import Sealing

extension HarborProbe {
    /// `rights`: what the login holds in its project, by Harbor's own account where it gives one, else by trying.
    mutating func proveRights(_ api: HarborAPI, _ standing: HarborStanding) async throws {
        var held = HarborRights.named(tokenActions: try await tokenActions(api))
        var unknown: Set<String> = []
        if let told = try await permissions(api, standing) {
            held.formUnion(told)
        } else {
            let trial = try await HarborTrial(api, projectID: standing.projectID)
            held.formUnion(trial.held)
            unknown = trial.unknown.subtracting(held)
        }
        var missing = HarborRights.needed.subtracting(held).subtracting(unknown)
        // Read Project cannot work for robots before 2.8, and nothing hangs on it there.
        if let minor = standing.version.minor, minor < 8 { missing.remove("project:read") }
        var excess = HarborRights.excess(of: held)
        if standing.isAdministrator { excess.insert("system:administrator") }
        record.result.rights = Verification.Rights(
            held: held.sorted(),
            missing: missing.sorted(),
            excess: excess.sorted()
        )
        try await learnExpiry(api, standing, held)
        record.begin(.rights)
        if !missing.isEmpty {
            record.end(.failed, "\(missing.count) of the 9 needed rights are missing", code: .insufficientScope)
        } else if standing.project?.isPublic ?? false {
            record.end(
                .warning,
                "the project is public: what everybody may do there is not proven to be the login's own right"
            )
        } else if !unknown.isEmpty {
            let names = unknown.sorted().joined(separator: ", ")
            record.end(
                .warning,
                "this version of Harbor does not tell rights, and there was nothing to try \(names) on"
            )
        } else if !excess.isEmpty {
            record.end(.warning, "holds all 9 needed rights and \(excess.count) that change things")
        } else {
            record.end(.passed, "holds the 9 needed rights and none that changes anything")
        }
    }

    /// What the token service grants in the project; the repository need not exist, and asking changes nothing.
    private func tokenActions(_ api: HarborAPI) async throws -> [String] {
        let repository = "\(api.project)/pratique"
        let answer = try await api.ask(
            "/service/token",
            query: [("service", "harbor-registry"), ("scope", "repository:\(repository):pull,push,delete")],
            limit: .token
        )
        guard answer.status == 200 else { throw RegistryError(harbor: answer, doing: "a token") }
        // `access_token` is there and empty.
        guard let token = decodedForeign(TokenBody.self, answer.body)?.token,
            let claims = TokenClaims(unverified: Secret(token))
        else { return [] }
        return claims.actions(on: repository)
    }

    private struct TokenBody: Decodable { let token: String }

    /// Nil where Harbor does not tell: before 2.3, and without the project's number.
    private func permissions(_ api: HarborAPI, _ standing: HarborStanding) async throws -> Set<String>? {
        guard let id = standing.projectID else { return nil }
        let answer = try await api.ask(
            "/api/v2.0/users/current/permissions",
            // A name in place of the number gives an empty list with 200.
            query: [("scope", "/project/\(id)"), ("relative", "true")]
        )
        guard answer.status == 200 else { return nil }
        let pairs = decodedForeign([LenientItem<HarborPermission>]?.self, answer.body) ?? nil
        return Set((pairs ?? []).prefix(1_000).compactMap(\.value?.right))
    }

    /// Where the login may read robots, it may read its own end. The secret of an old robot tells it by itself.
    private mutating func learnExpiry(_ api: HarborAPI, _ standing: HarborStanding, _ held: Set<String>) async throws {
        if let end = TokenClaims(unverified: api.login.password)?.expiresAt {
            record.result.expiry = Verification.Expiry(at: end, source: .token)
        }
        guard held.isSuperset(of: ["robot:list", "robot:read"]), let id = standing.projectID else { return }
        let robots = try await api.list(
            "/api/v2.0/robots",
            of: HarborRobot.self,
            page: 1,
            size: ListBounds.pageSize,
            query: [("q", "Level=project,ProjectID=\(id)")]
        ) { RegistryError(harbor: $0, doing: "the list of robots") }
        guard let own = robots.items.first(where: { $0.name == api.login.username }), let end = own.expiresAt else {
            return
        }
        record.result.expiry = Verification.Expiry(
            at: end > 0 ? Date(timeIntervalSince1970: Double(end)) : nil,
            source: .registry
        )
    }
}

/// Rights found out by trying, for servers that do not tell them. Nothing that is tried changes anything.
struct HarborTrial {
    private(set) var held: Set<String> = []
    /// What there was nothing to try on.
    private(set) var unknown: Set<String> = []

    init(_ api: HarborAPI, projectID: Int64?) async throws {
        let project = try api.path(project: api.project)
        try await note("project:read", api.ask(project))
        let repositories = try await api.ask("\(project)/repositories", query: [("page", "1"), ("page_size", "1")])
        note("repository:list", repositories)
        if let projectID {
            let query = [("scope", "p"), ("project_id", "\(projectID)"), ("page_size", "1")]
            try await note("label:list", api.ask("/api/v2.0/labels", query: query))
        } else {
            unknown.insert("label:list")
        }
        // A label to read would have to exist.
        unknown.insert("label:read")
        // Without a repository whose name makes a path, these rights cannot be tried.
        guard let name = decodedForeign([HarborRepository].self, repositories.body)?.first?.shortName,
            let repository = try? api.path(project: api.project, repository: name)
        else {
            unknown.formUnion(["repository:read", "artifact:list", "artifact:read", "tag:list"])
            return
        }
        try await note("repository:read", api.ask(repository))
        let artifacts = try await api.ask(
            "\(repository)/artifacts",
            query: [("page", "1"), ("page_size", "1")],
            limit: .listPage
        )
        note("artifact:list", artifacts)
        guard let digest = decodedForeign([HarborArtifact].self, artifacts.body)?.first?.digest else {
            unknown.formUnion(["artifact:read", "tag:list"])
            return
        }
        try await note("artifact:read", api.ask("\(repository)/artifacts/\(digest)", limit: .listPage))
        try await note("tag:list", api.ask("\(repository)/artifacts/\(digest)/tags", query: [("page_size", "1")]))
    }

    private mutating func note(_ right: String, _ answer: OutboundResponse) {
        switch answer.status {
        case 200: held.insert(right)
        case 401, 403: break
        default: unknown.insert(right)
        }
    }
}
