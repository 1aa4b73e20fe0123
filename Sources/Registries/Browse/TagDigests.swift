import OCI

/// Asks a registry what tags point at, without pulling: some lists tell names only.
struct TagDigests: Sendable {
    let client: DistributionClient
    let repository: String

    /// Manifests that are asked for at once.
    private static let window = 8

    /// The tags with the digests that the registry tells. A tag that has gone meanwhile stays without one; what every other tag
    /// would meet too (a refusal, a limit) is thrown.
    func filled(_ tags: [RegistryTag]) async throws -> [RegistryTag] {
        let missing = tags.indices.filter { tags[$0].digest == nil && ImageReference.isTag(tags[$0].name) }
        return try await withThrowingTaskGroup(of: (Int, ManifestHead?).self) { group in
            var filled = tags
            var waiting = missing[...]
            func addNext() {
                guard let index = waiting.popFirst() else { return }
                group.addTask { (index, try await head(tags[index].name)) }
            }
            for _ in 0..<TagDigests.window { addNext() }
            for try await (index, head) in group {
                filled[index].digest = head?.digest
                addNext()
            }
            return filled
        }
    }

    private func head(_ tag: String) async throws -> ManifestHead? {
        do {
            return try await client.head(repository, .tag(tag))
        } catch let error as RegistryError
            where [.tagNotFound, .repositoryNotFound, .policyBlocked].contains(error.code)
        {
            return nil
        }
    }
}
