/// An image manifest: a configuration and layers, lowest first. Also the form of artifacts that are no images.
///
/// Source: OCI image specification 1.1, manifest.md; Docker image manifest v2, schema 2.
public struct Manifest: Sendable, Hashable, Codable {
    /// What kind of manifest it is, by its own account.
    public var mediaType: MediaType?
    /// What the artifact is, if it is no image.
    public var artifactType: String?
    /// The configuration.
    public var config: Descriptor
    /// The layers, lowest first.
    public var layers: [Descriptor]
    /// What this is attached to (a signature, an SBOM), if anything.
    public var subject: Descriptor?
    /// Free text by key.
    public var annotations: [String: String]?

    /// A manifest.
    public init(
        mediaType: MediaType? = nil,
        artifactType: String? = nil,
        config: Descriptor,
        layers: [Descriptor],
        subject: Descriptor? = nil,
        annotations: [String: String]? = nil
    ) {
        self.mediaType = mediaType
        self.artifactType = artifactType
        self.config = config
        self.layers = layers
        self.subject = subject
        self.annotations = annotations
    }

    /// More layers than this are refused: Docker builds at most 127.
    public static let mostLayers = 1_024

    /// Whether it is a container image: by its configuration, since artifacts share the manifest's type.
    public var isImage: Bool {
        (config.mediaType == .imageConfiguration || config.mediaType == .dockerConfiguration) && artifactType == nil
            && layers.allSatisfy { $0.mediaType.layerCompression != nil }
    }

    /// What it is, if it is no image: `artifactType`, else the type of the configuration.
    public var artifactName: String { artifactType ?? config.mediaType.rawValue }
}
