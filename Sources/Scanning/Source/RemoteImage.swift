public import OCI
public import Registries

/// An image in a registry, pulled layer by layer. Source: OCI distribution specification 1.1, "Pulling".
public struct RemoteImage: ImageSource {
    private let client: DistributionClient
    private let reference: ImageReference
    private let sleep: @Sendable (Duration) async throws -> Void

    /// The image `reference`, through `client`, which speaks to its registry. `sleep` waits between two tries of a layer.
    public init(
        _ reference: ImageReference,
        client: DistributionClient,
        sleep: @escaping @Sendable (Duration) async throws -> Void = { try await CancellableSleep.sleep(for: $0) }
    ) {
        self.client = client
        self.reference = reference
        self.sleep = sleep
    }

    /// See ``ImageSource/resolve(_:)``. A tag is resolved once, with `HEAD`: whatever moves it meanwhile, one image is read.
    public func resolve(_ platform: Platform?) async throws -> ResolvedImage {
        try await resolve(platform, at: head())
    }

    /// What the tag stands for now.
    func head() async throws -> Digest {
        try await client.head(reference.repository, ManifestReference(reference)).digest
    }

    func resolve(_ platform: Platform?, at head: Digest) async throws -> ResolvedImage {
        let choice = PlatformChoice(asked: platform)
        let found = try await client.image(reference.repository, .digest(head), platform: choice.wanted)
        let configuration = try await client.configuration(reference.repository, found.manifest)
        let isIndexed = found.fetched.digest != head
        if !isIndexed, let actual = configuration.platform, !choice.takes(actual) {
            throw RegistryError(
                .platformNotFound,
                "\(reference) has no variant for \(choice.wanted)",
                hint: "It is for \(actual)."
            )
        }
        return ResolvedImage(
            name: reference.description,
            digest: found.fetched.digest,
            indexDigest: isIndexed ? head : nil,
            manifest: found.manifest,
            configuration: configuration,
            platform: choice.wanted
        )
    }

    /// See ``ImageSource/platforms()``.
    public func platforms() async throws -> [Platform] {
        switch try await client.manifest(reference.repository, ManifestReference(reference)).document {
        case .index(let index): return index.platforms
        case .image(let manifest):
            return try await client.configuration(reference.repository, manifest).platform.map { [$0] } ?? []
        case .artifact: return []
        }
    }

    /// See ``ImageSource/readLayer(_:into:)``. What the bytes hash to is for the reader to compare; a connection that breaks is taken
    /// up by the client.
    public func readLayer(_ layer: ResolvedImage.Layer, into reading: LayerReading) async throws {
        let descriptor = Descriptor(mediaType: layer.mediaType, digest: layer.digest, size: layer.sizeInBytes)
        try await client.readBlob(reference.repository, descriptor, sleep: sleep) { piece in
            await reading.write(piece)
        }
    }
}
