public import OCI

/// What a `HEAD` tells of a manifest. It does not count as a pull.
public struct ManifestHead: Sendable, Hashable {
    /// Its digest.
    public let digest: Digest
    /// Its type, as the registry sent it.
    public let mediaType: MediaType
    /// Its length in bytes, if told.
    public let size: Int64?
    /// What the registry says of its rate limit.
    public let rateBudget: RateBudget?
}

/// A manifest whose bytes hash to its digest.
public struct FetchedManifest: Sendable, Hashable {
    /// As the registry sent it.
    public let bytes: [UInt8]
    /// Computed over ``bytes``.
    public let digest: Digest
    /// Its type, by its own account, else as sent.
    public let mediaType: MediaType
    /// What it is.
    public let document: ManifestDocument
    /// What the registry says of its rate limit.
    public let rateBudget: RateBudget?
}

extension DistributionClient {
    /// Resolves a tag or a digest. Asks with `HEAD`, which costs no pull; falls back to `GET` on registries that do not do it well.
    /// Throws ``RegistryError/Code/tagNotFound`` and the rest.
    public func head(_ repository: String, _ reference: ManifestReference) async throws -> ManifestHead {
        let path = try manifestPath(repository, reference)
        let request = request(path, .head, accept: MediaType.manifestAccept, limit: .manifest)
        let (response, standing) = try await send(request, [.pull(repository)])
        // A header that is no digest is as good as none: the digest is then taken of the manifest itself.
        let digest = response.headers["Docker-Content-Digest"].flatMap { try? Digest($0) }
        if [400, 405, 501].contains(response.status)
            || (response.status == 200 && digest == nil && reference.digest == nil)
        {
            let manifest = try await manifest(repository, reference)
            return ManifestHead(
                digest: manifest.digest,
                mediaType: manifest.mediaType,
                size: Int64(manifest.bytes.count),
                rateBudget: manifest.rateBudget
            )
        }
        guard response.status == 200 else { throw RegistryError(answer: response, about: .tag, as: standing) }
        if let asked = reference.digest, let digest, digest.algorithm == asked.algorithm, digest != asked {
            throw mismatch("names another digest for a manifest than was asked for")
        }
        guard let digest = reference.digest ?? digest else { throw RegistryError.misbehaved(origin, "names no digest") }
        return ManifestHead(
            digest: digest,
            mediaType: MediaType(contentType: response.headers["Content-Type"] ?? ""),
            size: response.head.contentLength.map(Int64.init),
            rateBudget: RateBudget(response.headers)
        )
    }

    /// Fetches a manifest or index. This counts as a pull on registries that count.
    ///
    /// Its bytes hash to the digest that was asked for, and to the one that the registry names. Throws
    /// ``RegistryError/Code/digestMismatch``, ``RegistryError/Code/notAnImage`` for Docker's schema 1, and the rest.
    public func manifest(_ repository: String, _ reference: ManifestReference) async throws -> FetchedManifest {
        let path = try manifestPath(repository, reference)
        let request = request(path, accept: MediaType.manifestAccept, limit: .manifest)
        let (response, standing) = try await send(request, [.pull(repository)])
        guard response.status == 200 else { throw RegistryError(answer: response, about: .tag, as: standing) }
        let digest = try checkedDigest(of: response, reference)
        let contentType = response.headers["Content-Type"]
        let document: ManifestDocument
        do {
            document = try ManifestDocument(response.body, contentType: contentType)
        } catch {
            throw RegistryError(
                error.reason == .schema1 ? .notAnImage : .upstreamMisbehaved,
                "\(origin.authority): \(error.message)",
                upstream: .init(registry: origin.authority, status: response.status)
            )
        }
        return FetchedManifest(
            bytes: response.body,
            digest: digest,
            mediaType: document.mediaType ?? MediaType(contentType: contentType ?? ""),
            document: document,
            rateBudget: RateBudget(response.headers)
        )
    }

    /// The manifest of the image for `platform`: `reference` itself, or what it lists, through at most 4 indexes.
    ///
    /// A manifest that is no index is given as it is; whether it fits the platform stands in its configuration. Throws
    /// ``RegistryError/Code/platformNotFound``, ``RegistryError/Code/notAnImage`` and the rest.
    public func image(
        _ repository: String,
        _ reference: ManifestReference,
        platform: Platform
    ) async throws -> (manifest: Manifest, fetched: FetchedManifest) {
        var reference = reference
        for _ in 0...4 {
            let fetched = try await manifest(repository, reference)
            switch fetched.document {
            case .image(let manifest): return (manifest, fetched)
            case .artifact(let manifest):
                throw RegistryError(
                    .notAnImage,
                    "this is no container image but \(manifest.artifactName.prefix(100))",
                    upstream: .init(registry: origin.authority)
                )
            case .index(let index):
                guard let entry = index.manifest(for: platform) else {
                    let known = index.images.compactMap(\.platform).prefix(20).map(\.description).joined(
                        separator: ", "
                    )
                    throw RegistryError(
                        .platformNotFound,
                        "the image has no variant for \(platform)",
                        hint: known.isEmpty ? nil : "It has: \(known).",
                        upstream: .init(registry: origin.authority)
                    )
                }
                reference = .digest(entry.digest)
            }
        }
        throw RegistryError.misbehaved(origin, "has indexes within indexes, too deep to follow")
    }

    /// The configuration of an image.
    public func configuration(_ repository: String, _ manifest: Manifest) async throws -> ImageConfiguration {
        guard manifest.config.size <= BodyLimit.configuration.sizeInBytes else {
            throw RegistryError.misbehaved(origin, "has an image configuration larger than 4 MiB")
        }
        let bytes = try await blob(repository, manifest.config) { body in
            var bytes: [UInt8] = []
            for try await piece in body { bytes += piece }
            return bytes
        }
        do {
            return try ImageConfiguration(json: bytes)
        } catch { throw RegistryError.misbehaved(origin, "has an image whose configuration is not readable: \(error)") }
    }

    func mismatch(_ what: String) -> RegistryError {
        RegistryError(.digestMismatch, "\(origin.authority) \(what)", upstream: .init(registry: origin.authority))
    }

    private func manifestPath(_ repository: String, _ reference: ManifestReference) throws -> String {
        if case .tag(let tag) = reference, !ImageReference.isTag(tag) {
            throw RegistryError(.tagNotFound, "no tag has such a name", upstream: .init(registry: origin.authority))
        }
        return "/v2/\(try checked(repository))/manifests/\(reference)"
    }

    private func checkedDigest(of response: OutboundResponse, _ reference: ManifestReference) throws -> Digest {
        // As good as none when it is no digest; the one that was asked for counts all the same.
        let named = response.headers["Docker-Content-Digest"].flatMap { try? Digest($0) }
        for expected in [reference.digest, named].compactMap(\.self)
        where Digest(of: response.body, expected.algorithm) != expected {
            throw mismatch("sent a manifest that does not hash to its digest")
        }
        return reference.digest ?? named ?? Digest(of: response.body, .sha256)
    }
}

/// A tag or a digest.
public enum ManifestReference: Sendable, Hashable, CustomStringConvertible {
    /// By name.
    case tag(String)
    /// By content.
    case digest(Digest)

    /// What a reference asks for: its digest, else its tag.
    public init(_ reference: ImageReference) {
        self = reference.digest.map { .digest($0) } ?? .tag(reference.reference)
    }

    var digest: Digest? { if case .digest(let digest) = self { digest } else { nil } }

    /// As it stands in a path.
    public var description: String {
        switch self {
        case .tag(let tag): tag
        case .digest(let digest): digest.description
        }
    }
}

extension ManifestDocument {
    fileprivate var mediaType: MediaType? {
        switch self {
        case .image(let manifest), .artifact(let manifest): manifest.mediaType
        case .index(let index): index.mediaType
        }
    }
}
