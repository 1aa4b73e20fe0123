import Foundation
public import OCI

extension DistributionClient {
    /// What is attached to a manifest: signatures, attestations, SBOMs. Asks the referrers API, else the tag that stands in for it.
    ///
    /// Only entries of `artifactType` where one is given, whether the registry filters or not. One page of at most 4 MiB is read.
    /// Source: OCI distribution specification 1.1, "Listing Referrers".
    public func referrers(
        _ repository: String,
        of digest: Digest,
        artifactType: String? = nil
    ) async throws -> [Descriptor] {
        let path = "/v2/\(try checked(repository))/referrers/\(digest)"
        let query = artifactType.map { [(name: "artifactType", value: $0)] } ?? []
        let request = request(path, query: query, accept: MediaType.imageIndex.rawValue, limit: .listPage)
        let (response, standing) = try await send(request, [.pull(repository)])
        let entries: [Descriptor]
        switch response.status {
        case 200:
            // What kind of document it is instead changes nothing: it is no list.
            guard case .index(let found) = try? ManifestDocument(response.body) else {
                throw RegistryError.misbehaved(origin, "sent a list of referrers that is not readable", status: 200)
            }
            entries = found.manifests
        case 404, 400, 405:
            entries = try await referrersByTag(repository, digest)
        default: throw RegistryError(answer: response, about: .repository, as: standing)
        }
        return entries.filter { artifactType == nil || $0.artifactType == artifactType }
    }

    private func referrersByTag(_ repository: String, _ digest: Digest) async throws -> [Descriptor] {
        let tag = "\(digest.algorithm)-\(digest.hexadecimal.prefix(64))"
        do {
            guard case .index(let index) = try await manifest(repository, .tag(tag)).document else {
                return []
            }
            return index.manifests
        } catch let error as RegistryError where [.tagNotFound, .repositoryNotFound].contains(error.code) {
            return []
        }
    }
}
