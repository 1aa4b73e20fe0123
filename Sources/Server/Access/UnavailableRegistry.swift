import Foundation
import Registries

/// Placeholder until the kinds have clients.
struct UnavailableRegistry: Registry {
    private let error = RegistryError(.unsupported, "this kind of registry cannot be asked yet")

    func probe(_ credential: OpenedCredential) async -> Verification {
        Verification(state: .unverified, steps: [], checkedAt: Date())
    }

    func projects(_ credential: OpenedCredential, page: BrowsePage) async throws -> BrowseResult<RegistryProject> {
        throw error
    }

    func images(
        _ credential: OpenedCredential,
        project: String?,
        page: BrowsePage,
        include: BrowseInclude
    ) async throws -> BrowseResult<RegistryImage> { throw error }

    func tags(
        _ credential: OpenedCredential,
        project: String?,
        repository: String,
        page: BrowsePage,
        include: BrowseInclude
    ) async throws -> BrowseResult<RegistryTag> { throw error }
}
