import OCI

/// Harbor as a registry: projects, repositories and tags through its own API, which tells sizes, digests and times.
struct HarborRegistry: Registry {
    let outbound: OutboundClient
    let tokens: TokenCache
    let cache: BrowseCache

    func probe(_ credential: OpenedCredential) async -> Verification {
        await HarborProbe(credential, outbound: outbound, tokens: tokens).run()
    }

    /// Every project that the login can name, public ones of others among them: `public=false` would leave out the login's own
    /// ones that happen to be public.
    func projects(_ credential: OpenedCredential, page: BrowsePage) async throws -> BrowseResult<RegistryProject> {
        let api = try HarborAPI(credential, outbound: outbound)
        let crawler = ListCrawler<RegistryProject>(registry: api.origin.authority, identity: \.name) { number, size in
            // Nobody gets 200 here too, with the public projects: ask something that nobody is refused.
            if number == 1, try await api.exists(api.project) == nil {
                throw RegistryError(
                    .authenticationFailed,
                    "\(api.origin.authority) does not take the credential",
                    hint: HarborAdvice.deadCredential,
                    upstream: .init(registry: api.origin.authority, status: 401)
                )
            }
            let found = try await api.list(
                "/api/v2.0/projects",
                of: HarborProject.self,
                page: number,
                size: size,
                query: [("sort", "name")]
            ) { RegistryError(harbor: $0, doing: "the list of projects") }
            return found.with(found.items.map(\.listed), total: found.total)
        }
        return try await NumberedList(
            cache: cache.projects,
            key: ListKey(credential, "projects"),
            crawler: crawler
        ).cut(page)
    }

    func images(
        _ credential: OpenedCredential,
        project: String?,
        page: BrowsePage,
        include: BrowseInclude
    ) async throws -> BrowseResult<RegistryImage> {
        let api = try HarborAPI(credential, outbound: outbound)
        let project = project ?? api.project
        let path = try api.path(project: project) + "/repositories"
        let crawler = ListCrawler<RegistryImage>(registry: api.origin.authority, identity: \.reference) {
            number,
            size in
            let found = try await api.list(
                path,
                of: HarborRepository.self,
                page: number,
                size: size,
                // The default order is by time, and moves with every push.
                query: [("sort", "name")]
            ) { response in
                try await api.refusal(
                    response,
                    project: project,
                    right: "repository:list",
                    missing: api.noProject(project, status: 404)
                )
            }
            return found.with(found.items.map { $0.listed(host: api.origin.authority) }, total: found.total)
        }
        return try await NumberedList(
            cache: cache.images,
            key: ListKey(credential, "projects/\(project)/repositories"),
            crawler: crawler
        ).cut(page)
    }

    /// The tags of all artifacts: Harbor has no list of a repository's tags, and one artifact may have several or none, so that
    /// their number is known once all artifacts are.
    func tags(
        _ credential: OpenedCredential,
        project: String?,
        repository: String,
        page: BrowsePage,
        include: BrowseInclude
    ) async throws -> BrowseResult<RegistryTag> {
        let api = try HarborAPI(credential, outbound: outbound)
        let project = project ?? api.project
        let path = try api.path(project: project, repository: repository) + "/artifacts"
        let crawler = ListCrawler<HarborArtifact>(
            registry: api.origin.authority,
            identity: { $0.digest.description }
        ) { number, size in
            try await api.list(
                path,
                of: HarborArtifact.self,
                page: number,
                size: size,
                query: [("with_tag", "true"), ("q", "tags=*")]
            ) { response in
                try await api.refusal(
                    response,
                    project: project,
                    right: "artifact:list",
                    missing: api.noRepository(repository, status: 404)
                )
            }
        }
        let list = ListKey(credential, "projects/\(project)/repositories/\(repository)/tags")
        let whole = try await cache.tags.whole(list) {
            let artifacts = try await crawler.crawl()
            // A tag that was moved meanwhile is met twice; the newer artifact comes first.
            var seen: Set<String> = []
            let tags = artifacts.items.flatMap(\.listed).filter { seen.insert($0.name).inserted }
            return artifacts.with(tags, total: tags.count)
        }
        return whole.cut(page, include)
    }
}

extension ListPage where Item == RegistryTag {
    /// Our page of the tags that are listed.
    func cut(_ page: BrowsePage, _ include: BrowseInclude) -> BrowseResult<RegistryTag> {
        if include.contains(.artifacts) { return cut(page) }
        return with(items.filter(\.kind.isListed), total: nil).cut(page)
    }
}
