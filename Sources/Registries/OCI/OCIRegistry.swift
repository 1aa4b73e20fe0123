import OCI

/// A registry that speaks the OCI distribution API and nothing else: names of repositories and tags, digests by asking.
struct OCIRegistry: Registry {
    let outbound: OutboundClient
    let tokens: TokenCache
    let cache: BrowseCache

    func probe(_ credential: OpenedCredential) async -> Verification {
        await OCIProbe(credential, outbound: outbound, tokens: tokens).run()
    }

    /// There are none: throws ``RegistryError/Code/unsupported``.
    func projects(_ credential: OpenedCredential, page: BrowsePage) async throws -> BrowseResult<RegistryProject> {
        throw RegistryError(
            .unsupported,
            "an OCI registry has no projects",
            hint: "List the images of the credential instead."
        )
    }

    /// What the registry's catalogue names and what the user named: no catalogue promises to be complete, many registries have
    /// none. `project` narrows to names below it.
    func images(
        _ credential: OpenedCredential,
        project: String?,
        page: BrowsePage,
        include: BrowseInclude
    ) async throws -> BrowseResult<RegistryImage> {
        let client = try client(credential)
        let whole = try await cache.images.whole(ListKey(credential, "catalogue")) {
            let named = credential.repositories
            var names: [String]
            do {
                names = try await client.allRepositories()
            } catch let error as RegistryError where OCIRegistry.lacksCatalogue(error) {
                guard !named.isEmpty else { throw OCIRegistry.noCatalogue(client.origin, error) }
                names = []
            }
            let known = Set(names)
            names += named.filter { !known.contains($0) }
            let host = client.origin.authority
            let images = names.map { RegistryImage(name: $0, reference: "\(host)/\($0)") }
            return ListPage(items: images, total: images.count, fetchedAt: outbound.time.date())
        }
        guard let project else { return whole.cut(page) }
        return whole.with(whole.items.filter { $0.name.hasPrefix("\(project)/") }, total: nil).cut(page)
    }

    func tags(
        _ credential: OpenedCredential,
        project: String?,
        repository: String,
        page: BrowsePage,
        include: BrowseInclude
    ) async throws -> BrowseResult<RegistryTag> {
        let client = try client(credential)
        let path = project.map { "\($0)/\(repository)" } ?? repository
        let key = ListKey(credential, "\(path)/tags")
        let names = try await cache.tags.whole(key) {
            let names = try await client.allTags(path)
            let tags = names.map { name in
                var tag = RegistryTag(name: name)
                tag.kind = RegistryTag.ArtifactKind(tagName: name) ?? .image
                return tag
            }
            return ListPage(items: tags, total: tags.count, fetchedAt: outbound.time.date())
        }
        let cut = names.cut(page, include)
        guard !cut.items.isEmpty else { return cut }
        // Lists tell names only. What they point at is asked for the page that is shown, and kept as long.
        let part = "\(page.number)/\(page.size)/\(include.rawValue)"
        let shown = try await cache.tags.page(key.part(part), 1) {
            let filled = try await TagDigests(client: client, repository: path).filled(cut.items)
            return ListPage(items: filled, total: cut.total, fetchedAt: cut.fetchedAt, rateBudget: cut.rateBudget)
        }
        return BrowseResult(
            items: shown.items,
            total: shown.total ?? cut.total,
            fetchedAt: shown.fetchedAt,
            rateBudget: shown.rateBudget
        )
    }

    private func client(_ credential: OpenedCredential) throws(RegistryError) -> DistributionClient {
        DistributionClient(
            outbound: outbound,
            tokens: tokens,
            origin: try credential.origin(),
            login: try credential.login(),
            trust: try TLSTrust(credential)
        )
    }

    /// Registries without a catalogue say so in every way: 404, 405, 401 and 403 to good logins.
    static func lacksCatalogue(_ error: RegistryError) -> Bool {
        [.unsupported, .insufficientScope].contains(error.code)
            || (error.code == .upstreamMisbehaved && (400..<500).contains(error.upstream?.status ?? 0))
    }

    private static func noCatalogue(_ origin: OutboundOrigin, _ error: RegistryError) -> RegistryError {
        RegistryError(
            .unsupported,
            "\(origin.authority) has no catalogue that this credential may read",
            hint: "Name the repositories in the credential's field repositories.",
            upstream: error.upstream
        )
    }
}
