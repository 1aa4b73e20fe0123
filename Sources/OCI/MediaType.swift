/// What a descriptor points at. Source: OCI image specification 1.1, media-types.md; Docker image manifest v2, schema 2.
public struct MediaType: Sendable, Hashable, Codable, RawRepresentable, CustomStringConvertible {
    /// The text, as it was received, without parameters.
    public let rawValue: String

    /// A media type of this text.
    public init(rawValue: String) { self.rawValue = rawValue }

    /// The text.
    public var description: String { rawValue }

    /// OCI image index.
    public static let imageIndex = MediaType(rawValue: "application/vnd.oci.image.index.v1+json")
    /// OCI image manifest.
    public static let imageManifest = MediaType(rawValue: "application/vnd.oci.image.manifest.v1+json")
    /// OCI image configuration.
    public static let imageConfiguration = MediaType(rawValue: "application/vnd.oci.image.config.v1+json")
    /// Docker's manifest list.
    public static let dockerManifestList = MediaType(
        rawValue: "application/vnd.docker.distribution.manifest.list.v2+json"
    )
    /// Docker's image manifest, schema 2.
    public static let dockerManifest = MediaType(rawValue: "application/vnd.docker.distribution.manifest.v2+json")
    /// Docker's image configuration.
    public static let dockerConfiguration = MediaType(rawValue: "application/vnd.docker.container.image.v1+json")
}

/// How a layer's tar archive is stored.
public enum LayerCompression: String, Sendable, Hashable, Codable {
    /// As it is.
    case none
    /// RFC 1952, one member or more.
    case gzip
    /// RFC 8878, one frame or more.
    case zstd
}

extension MediaType {
    /// How a layer of this type is compressed by its name; nil when it is no layer of an image. Docker's own layers are gzip by
    /// name, whatever they hold: look at the first bytes before trusting it.
    public var layerCompression: LayerCompression? {
        let layerTypes: [String] = [
            "application/vnd.oci.image.layer.v1.tar", "application/vnd.oci.image.layer.nondistributable.v1.tar",
        ]
        for type in layerTypes {
            switch rawValue {
            case type: return LayerCompression.none
            case type + "+gzip": return .gzip
            case type + "+zstd": return .zstd
            default: continue
            }
        }
        switch rawValue {
        case "application/vnd.docker.image.rootfs.diff.tar.gzip",
            "application/vnd.docker.image.rootfs.foreign.diff.tar.gzip":
            return .gzip
        case "application/vnd.docker.image.rootfs.diff.tar": return LayerCompression.none
        case "application/vnd.docker.image.rootfs.diff.tar.zstd": return .zstd
        default: return nil
        }
    }

    /// Whether a layer of this type may be left out of a registry (Windows base layers).
    public var isForeignLayer: Bool { rawValue.contains("nondistributable") || rawValue.contains("rootfs.foreign") }
}
