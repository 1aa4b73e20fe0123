public import Layers
public import OCI

/// One image, found: its manifest for one platform, and where its layers are.
public struct ResolvedImage: Sendable {
    /// One layer, bottom first.
    public struct Layer: Sendable, Hashable {
        /// What names it: the digest of the blob, or of the archive where nothing else is told (`docker save`).
        public var digest: Digest
        /// As stored; 0 when it is not known.
        public var sizeInBytes: Int64
        /// What the source says it is.
        public var mediaType: MediaType
        /// What its bytes must be.
        public var expectation: LayerExpectation
        /// The command that made it, if the configuration tells.
        public var createdBy: String?
        /// Where a local source keeps it.
        var path: String?
    }

    /// As it was asked for: `registry.example.com/team/app:1.2`.
    public var name: String
    /// Of the manifest; of the configuration where there is no manifest (`docker save`).
    public var digest: Digest
    /// Of the index that the name stands for, when the manifest was chosen from one.
    public var indexDigest: Digest?
    /// What the image runs on.
    public var platform: Platform
    /// Of the configuration: the image id.
    public var configurationDigest: Digest
    /// RFC 3339, if the configuration tells.
    public var created: String?
    /// Bottom first.
    public var layers: [Layer]

    /// An image of `manifest`, with what `configuration` tells of it.
    init(
        name: String,
        digest: Digest,
        indexDigest: Digest?,
        manifest: Manifest,
        configuration: ImageConfiguration,
        platform: Platform
    ) {
        self.name = name
        self.digest = digest
        self.indexDigest = indexDigest
        self.platform = configuration.platform ?? platform
        configurationDigest = manifest.config.digest
        created = configuration.created
        let commands = configuration.commands(layers: manifest.layers.count)
        layers = zip(manifest.layers, commands).map { descriptor, command in
            Layer(
                digest: descriptor.digest,
                sizeInBytes: max(0, descriptor.size),
                mediaType: descriptor.mediaType,
                expectation: LayerExpectation(descriptor),
                createdBy: command
            )
        }
    }

    init(
        name: String,
        configurationDigest: Digest,
        configuration: ImageConfiguration,
        platform: Platform,
        layers: [Layer]
    ) {
        self.name = name
        digest = configurationDigest
        self.configurationDigest = configurationDigest
        self.platform = configuration.platform ?? platform
        created = configuration.created
        self.layers = layers
    }
}

/// Where images come from: a registry, an OCI layout, an archive of `docker save`.
public protocol ImageSource: Sendable {
    /// Finds the image for `platform`; without one for linux/amd64, or for what it is made for when there is no choice. Throws
    /// ``ScanError`` or `RegistryError`.
    func resolve(_ platform: Platform?) async throws -> ResolvedImage

    /// The platforms that the source offers, each once; empty when it offers one that it does not name.
    func platforms() async throws -> [Platform]

    /// Writes the stored bytes of a layer to `reading`, in order, until it wants no more. A connection that breaks is taken up where
    /// it broke. Throws ``ScanError`` or `RegistryError`.
    func readLayer(_ layer: ResolvedImage.Layer, into reading: LayerReading) async throws
}
