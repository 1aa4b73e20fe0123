import OCI

/// Docker Hub as a registry: repositories and tags through its API, digests that it lacks through the registry.
struct DockerHubRegistry: Registry {
    let outbound: OutboundClient
    let tokens: TokenCache
    let cache: BrowseCache
    let endpoints: DockerHubEndpoints
    let hubTokens: DockerHubTokens

    func probe(_ credential: OpenedCredential) async -> Verification {
        await DockerHubProbe(credential, outbound: outbound, endpoints: endpoints, tokens: tokens, hubTokens: hubTokens)
            .run()
    }

    /// The namespaces that are known: the credential's own, and those of the repositories that the user named. Docker Hub tells a
    /// token of no others.
    func projects(_ credential: OpenedCredential, page: BrowsePage) async throws -> BrowseResult<RegistryProject> {
        let api = try api(credential)
        var seen: Set<String> = []
        let names =
            [api.namespace, api.login.username.lowercased()]
            + credential.repositories.map { String($0.prefix { $0 != "/" }) }
        let projects = names.filter { seen.insert($0).inserted }.map { RegistryProject(name: $0) }
        return ListPage(items: projects, total: projects.count, fetchedAt: outbound.time.date()).cut(page)
    }

    func images(
        _ credential: OpenedCredential,
        project: String?,
        page: BrowsePage,
        include: BrowseInclude
    ) async throws -> BrowseResult<RegistryImage> {
        let api = try api(credential)
        let namespace = project?.lowercased() ?? api.namespace
        let path = try api.path(namespace: namespace)
        let crawler = ListCrawler<RegistryImage>(registry: api.endpoints.hub.authority, identity: \.name) {
            number,
            size in
            let found = try await api.list(
                path,
                of: DockerHubRepository.self,
                page: number,
                size: size,
                // The default order is by time, and moves with every push.
                query: [("ordering", "name")],
                missing: api.noNamespace()
            )
            return found.with(found.items.map(\.listed), total: found.total)
        }
        let list = NumberedList(
            cache: cache.images,
            key: ListKey(credential, "namespaces/\(namespace)"),
            crawler: crawler
        )
        // Named repositories are added where the list lacks them: a token may pull private ones that it may not list.
        let named = credential.repositories.filter { project == nil || $0.hasPrefix("\(namespace)/") }
        guard !named.isEmpty else { return try await list.cut(page) }
        let whole = try await list.whole()
        let listed = Set(whole.items.map(\.name))
        let others = named.filter { !listed.contains($0) }.map { RegistryImage(dockerHub: $0) }
        return whole.with(whole.items + others, total: nil).cut(page)
    }

    func tags(
        _ credential: OpenedCredential,
        project: String?,
        repository: String,
        page: BrowsePage,
        include: BrowseInclude
    ) async throws -> BrowseResult<RegistryTag> {
        let api = try api(credential)
        let full = repository.contains("/") ? repository : "\(project?.lowercased() ?? api.namespace)/\(repository)"
        let path = try api.path(repository: full) + "/tags"
        let crawler = ListCrawler<RegistryTag>(registry: api.endpoints.hub.authority, identity: \.name) {
            number,
            size in
            let found = try await api.list(
                path,
                of: DockerHubTag.self,
                page: number,
                size: size,
                missing: api.noRepository()
            )
            return found.with(found.items.map(\.listed), total: found.total)
        }
        let list = NumberedList(cache: cache.tags, key: ListKey(credential, "\(full)/tags"), crawler: crawler)
        var result: BrowseResult<RegistryTag>
        if include.contains(.artifacts) {
            result = try await list.cut(page)
        } else if try await hasOnlyImages(full, list, api) {
            result = try await list.cut(page)
        } else {
            result = try await list.whole().cut(page, include)
        }
        result.items = try await withDigests(result.items, full, api)
        return result
    }

    private func api(_ credential: OpenedCredential) throws(RegistryError) -> DockerHubAPI {
        try DockerHubAPI(credential, outbound: outbound, endpoints: endpoints, tokens: hubTokens)
    }

    /// Whether no tag of a long list is a signature or the like, so that the API's own count is the number of tags that are
    /// shown. The registry tells all names at once, which counts as no pull; without it, the whole list says.
    private func hasOnlyImages(_ repository: String, _ list: NumberedList<RegistryTag>, _ api: DockerHubAPI)
        async throws -> Bool
    {
        if list.cache.kept(list.key, 0) != nil { return false }
        let first = try await list.upstream(1)
        guard let total = first.total, total > first.items.count, first.items.allSatisfy(\.kind.isListed) else {
            return false
        }
        do {
            let all = try await cache.tags.whole(list.key.part("names")) {
                let names = try await api.distribution(tokens).allTags(repository)
                let hidden = names.filter { RegistryTag.ArtifactKind(tagName: $0) != nil }
                return ListPage(
                    items: hidden.map { RegistryTag(name: $0) },
                    total: names.count,
                    fetchedAt: first.fetchedAt
                )
            }
            return all.items.isEmpty
        } catch is RegistryError {
            return false
        }
    }

    /// Digests of tags whose entry has none, asked of the registry without pulling.
    private func withDigests(_ tags: [RegistryTag], _ repository: String, _ api: DockerHubAPI) async throws
        -> [RegistryTag]
    {
        guard tags.contains(where: { $0.digest == nil }) else { return tags }
        do {
            return try await TagDigests(client: api.distribution(tokens), repository: repository).filled(tags)
        } catch let error as RegistryError where error.code == .insufficientScope {
            // A token that may list tags and not pull. The list is true without the digests.
            return tags
        }
    }
}
