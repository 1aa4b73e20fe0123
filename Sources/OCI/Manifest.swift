/// An image manifest: the configuration and the layers, bottom first.
///
/// Source: OCI image specification 1.1, manifest.md; Docker image manifest v2, schema 2, has the same members.
public struct Manifest: Sendable, Hashable, Decodable {
    /// The manifest's own type; may be absent.
    public var mediaType: MediaType?
    /// Of an artifact that is no image.
    public var artifactType: String?
    /// The configuration.
    public var config: Descriptor
    /// Bottom first.
    public var layers: [Descriptor]
    /// What the artifact is about, of a signature or an SBOM.
    public var subject: Descriptor?
    /// Free text by key.
    public var annotations: [String: String]?

    /// More layers than any engine can stack (overlayfs takes 500).
    public static let layerLimit = 1_024

    /// Reads a manifest. Throws ``DocumentError``.
    public init(json: [UInt8]) throws(DocumentError) {
        self = try DocumentError.decode(Manifest.self, from: json, what: "manifest")
        guard layers.count <= Manifest.layerLimit else {
            throw DocumentError("the manifest has more than \(Manifest.layerLimit) layers")
        }
    }

    /// Whether it is a container image, and not a signature, a chart or another artifact in the form of one.
    public var isImage: Bool {
        artifactType == nil
            && (config.mediaType == .imageConfiguration || config.mediaType == .dockerConfiguration)
    }
}
