public import OCI
public import Registries

/// An image in a registry, pulled layer by layer. Source: OCI distribution specification 1.1, "Pulling".
public struct RemoteImage: ImageSource {
    private let client: DistributionClient
    private let reference: ImageReference

    /// The image `reference`, through `client`, which speaks to its registry.
    public init(_ reference: ImageReference, client: DistributionClient) {
        self.reference = reference
        self.client = client
    }

    /// See ``ImageSource/resolve(_:)``. A tag is resolved once, with `HEAD`: whatever moves it meanwhile, one image is read.
    public func resolve(_ platform: Platform) async throws -> ResolvedImage {
        let head = try await client.head(reference.repository, ManifestReference(reference))
        let found = try await client.image(reference.repository, .digest(head.digest), platform: platform)
        let configuration = try await client.configuration(reference.repository, found.manifest)
        let isIndexed = found.fetched.digest != head.digest
        if !isIndexed, let actual = configuration.platform, !RemoteImage.fits(actual, platform) {
            throw RegistryError(
                .platformNotFound,
                "\(reference) has no variant for \(platform)",
                hint: "It is for \(actual). Name it: --platform \(actual)"
            )
        }
        return ResolvedImage(
            name: reference.description,
            digest: found.fetched.digest,
            indexDigest: isIndexed ? head.digest : nil,
            manifest: found.manifest,
            configuration: configuration,
            platform: platform
        )
    }

    /// See ``ImageSource/platforms()``.
    public func platforms() async throws -> [Platform] {
        let fetched = try await client.manifest(reference.repository, ManifestReference(reference))
        guard case .index(let index) = fetched.document else { return [] }
        return index.images.compactMap(\.platform)
    }

    /// See ``ImageSource/readLayer(_:into:)``. What the bytes hash to is for the reader to compare; a
    /// connection that breaks is taken up by the client.
    public func readLayer(_ layer: ResolvedImage.Layer, into reading: LayerReading) async throws {
        let descriptor = Descriptor(mediaType: layer.mediaType, digest: layer.digest, size: layer.sizeInBytes)
        try await client.readBlob(reference.repository, descriptor) { piece in
            piece.withUnsafeBytes { reading.write($0) }
        }
    }

    private static func fits(_ actual: Platform, _ asked: Platform) -> Bool {
        actual.os == asked.os && actual.architecture == asked.architecture
            && (asked.variant == nil || actual.variant == nil || actual.variant == asked.variant)
    }
}
