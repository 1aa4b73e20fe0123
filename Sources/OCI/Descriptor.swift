/// A reference to a blob or manifest: what it is, how large, and what its content must hash to.
///
/// Source: OCI image specification 1.1, descriptor.md.
public struct Descriptor: Sendable, Hashable, Codable {
    /// What it points at.
    public var mediaType: MediaType
    /// What the content hashes to.
    public var digest: Digest
    /// Length of the content in bytes, as stored.
    public var size: Int64
    /// Of a manifest in an index.
    public var platform: Platform?
    /// Of an artifact that is not an image.
    public var artifactType: String?
    /// Free text by key.
    public var annotations: [String: String]?

    /// A descriptor.
    public init(
        mediaType: MediaType,
        digest: Digest,
        size: Int64,
        platform: Platform? = nil,
        artifactType: String? = nil,
        annotations: [String: String]? = nil
    ) {
        self.mediaType = mediaType
        self.digest = digest
        self.size = size
        self.platform = platform
        self.artifactType = artifactType
        self.annotations = annotations
    }
}
