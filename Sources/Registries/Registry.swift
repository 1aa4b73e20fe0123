/// What Pratique does with a registry, the same for every kind. Each kind's folder has one conformer.
public protocol Registry: Sendable {
    /// Proves a credential, step by step, judged by what was granted. Never throws: trouble is an outcome.
    func probe(_ credential: OpenedCredential) async -> Verification

    /// The registry's projects or namespaces that the credential can name. Throws ``RegistryError``.
    func projects(_ credential: OpenedCredential, page: BrowsePage) async throws -> BrowseResult<RegistryProject>

    /// The repositories of `project` (nil: the credential's own project or all that it can name). Throws ``RegistryError``.
    func images(
        _ credential: OpenedCredential,
        project: String?,
        page: BrowsePage,
        include: BrowseInclude
    ) async throws -> BrowseResult<RegistryImage>

    /// The tags of `repository` (within `project` where the kind has projects). Throws ``RegistryError``.
    func tags(
        _ credential: OpenedCredential,
        project: String?,
        repository: String,
        page: BrowsePage,
        include: BrowseInclude
    ) async throws -> BrowseResult<RegistryTag>
}
