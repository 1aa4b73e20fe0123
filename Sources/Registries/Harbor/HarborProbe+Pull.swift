import OCI

extension HarborProbe {
    /// `listing`: the project's repositories.
    mutating func proveListing(_ api: HarborAPI, _ standing: HarborStanding) async throws {
        record.begin(.listing)
        do {
            let found = try await firstRepositories(api)
            let count = found.total ?? found.items.count
            record.end(.passed, "\(count) \(count == 1 ? "repository" : "repositories") in \(api.project)")
        } catch let error as RegistryError where error.code == .insufficientScope {
            record.end(.failed, error)
        }
    }

    /// `pull`: by what a token grants, and by asking for a manifest without getting it, which counts as no pull.
    mutating func provePull(_ api: HarborAPI, _ standing: HarborStanding) async throws {
        record.begin(.pull)
        guard record.result.rights.held.contains("repository:pull") else {
            record.end(.failed, "the token service grants no pull in \(api.project)", code: .insufficientScope)
            return
        }
        if standing.project?.isProxyCache ?? false {
            record.end(
                .passed,
                "pull is granted; nothing was asked for, since this project fetches from another registry"
            )
            return
        }
        guard record.outcome(of: .listing) == .passed, let image = try await anyImage(api) else {
            record.end(.passed, "pull is granted; there is no image to ask for")
            return
        }
        // What is not accepted is answered with 404 by some registries.
        let answer = try await api.ask(
            "/v2/\(image.repository)/manifests/\(image.digest)",
            .head,
            accept: MediaType.manifestAccept
        )
        switch answer.status {
        case 200: record.end(.passed, "a manifest of \(image.repository) may be pulled")
        case 412:
            record.end(
                .warning,
                "the project's policy blocks \(image.repository) from being pulled",
                code: .policyBlocked
            )
            record.advise(
                "Harbor's deployment security blocks images of this project from being pulled, and so from being scanned here."
            )
        case 404: record.end(.passed, "pull is granted; the image that was asked for has gone meanwhile")
        case 401, 403:
            record.end(.failed, "the registry refuses a manifest of \(image.repository)", code: .insufficientScope)
        default: throw RegistryError(harbor: answer, doing: "asking for a manifest")
        }
    }

    private func firstRepositories(_ api: HarborAPI) async throws -> ListPage<HarborRepository> {
        try await api.list(
            try api.path(project: api.project) + "/repositories",
            of: HarborRepository.self,
            page: 1,
            size: 1
        ) { response in
            try await api.refusal(
                response,
                project: api.project,
                right: "repository:list",
                missing: api.noProject(api.project, status: 404)
            )
        }
    }

    private func anyImage(_ api: HarborAPI) async throws -> (repository: String, digest: String)? {
        // A name that makes no path is none that could be pulled: there is no image to try with.
        guard let repository = try await firstRepositories(api).items.first,
            let path = try? api.path(project: api.project, repository: repository.shortName)
        else { return nil }
        let answer = try await api.ask(
            "\(path)/artifacts",
            query: [("page", "1"), ("page_size", "1")],
            limit: .listPage
        )
        guard answer.status == 200, let artifact = decodedForeign([HarborArtifact].self, answer.body)?.first else {
            return nil
        }
        return (repository.name, artifact.digest.description)
    }
}
