/// Several manifests under one name, mostly one for each platform.
///
/// Source: OCI image specification 1.1, image-index.md; Docker's manifest list has the same members.
public struct ImageIndex: Sendable, Hashable, Decodable {
    /// The index's own type; may be absent.
    public var mediaType: MediaType?
    /// Of an artifact that is no image.
    public var artifactType: String?
    /// The manifests.
    public var manifests: [Descriptor]
    /// Free text by key.
    public var annotations: [String: String]?

    /// More than any index that was seen (a few dozen platforms, each with an attestation).
    public static let manifestLimit = 1_024

    /// Reads an index. Throws ``DocumentError``.
    public init(json: [UInt8]) throws(DocumentError) {
        self = try DocumentError.decode(ImageIndex.self, from: json, what: "index")
        guard manifests.count <= ImageIndex.manifestLimit else {
            throw DocumentError("the index has more than \(ImageIndex.manifestLimit) manifests")
        }
    }

    /// The manifests that are images: attestations stand under the platform `unknown/unknown`.
    public var images: [Descriptor] {
        manifests.filter {
            $0.platform?.os != "unknown" && $0.annotations?["vnd.docker.reference.type"] != "attestation-manifest"
        }
    }

    /// The best manifest for `platform`; nil when there is none. An exact variant wins over none; without a variant asked for, the
    /// first of the architecture is taken, and `arm64` means `arm64/v8`.
    public func manifest(for platform: Platform) -> Descriptor? {
        let candidates = images.filter {
            $0.platform?.os == platform.os && $0.platform?.architecture == platform.architecture
        }
        if let version = platform.osVersion,
            let exact = candidates.first(where: { $0.platform?.osVersion == version })
        {
            return exact
        }
        if let exact = candidates.first(where: { $0.platform?.variant == platform.variant }) { return exact }
        guard let variant = platform.variant else { return candidates.first }
        if platform.architecture == "arm64", variant == "v8" {
            return candidates.first { $0.platform?.variant == nil }
        }
        // An ARM processor runs what was made for an older one, the newest first.
        let older = candidates.filter { ($0.platform?.variant ?? "") < variant }
        return older.max { ($0.platform?.variant ?? "") < ($1.platform?.variant ?? "") }
    }
}
