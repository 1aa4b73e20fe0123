/// A list of manifests, usually one per platform. Source: OCI image specification 1.1, image-index.md; Docker manifest list.
public struct ImageIndex: Sendable, Hashable, Codable {
    /// What kind of index it is, by its own account.
    public var mediaType: MediaType?
    /// What the artifact is, if it is no image.
    public var artifactType: String?
    /// The entries; the first that fits is meant.
    public var manifests: [Descriptor]
    /// What this is attached to, if anything.
    public var subject: Descriptor?
    /// Free text by key.
    public var annotations: [String: String]?

    /// An index.
    public init(
        mediaType: MediaType? = nil,
        artifactType: String? = nil,
        manifests: [Descriptor],
        subject: Descriptor? = nil,
        annotations: [String: String]? = nil
    ) {
        self.mediaType = mediaType
        self.artifactType = artifactType
        self.manifests = manifests
        self.subject = subject
        self.annotations = annotations
    }

    /// More entries than this are refused: an index for every platform there is, with attestations, has below 100.
    public static let mostManifests = 4_096

    /// The platforms of its images, in order, without attestations.
    public var platforms: [Platform] { manifests.filter { !$0.isAttestation }.compactMap(\.platform) }

    /// The entry for `wanted`: an exact match first, then what runs on it.
    ///
    /// `arm64` and `arm64/v8` are one; `arm` without a variant means `v7`, and `v7` also runs `v6` and `v5`; `amd64/v3` also runs
    /// `v2`, `v1` and none. A Windows image must have the asked version's build where one is asked. Entries that are neither
    /// manifests nor indexes and attestations are passed over. Source: OCI image-index.md; containerd, package platforms.
    public func manifest(for wanted: Platform) -> Descriptor? {
        let candidates = manifests.filter { !$0.isAttestation && $0.mediaType.isManifestOrIndex }
        for variant in wanted.acceptedVariants {
            let found = candidates.first { entry in
                guard let platform = entry.platform else { return false }
                return platform.os == wanted.os && platform.architecture == wanted.architecture
                    && platform.normalizedVariant == variant && platform.hasVersion(like: wanted)
            }
            if let found { return found }
        }
        return nil
    }
}

extension Descriptor {
    /// Whether it is one of BuildKit's attestations, which stand beside the images in an index.
    public var isAttestation: Bool {
        annotations?["vnd.docker.reference.type"] == "attestation-manifest"
            || (platform?.os == "unknown" && platform?.architecture == "unknown")
    }
}

extension Platform {
    /// The variant by one name: none for the architecture's first.
    fileprivate var normalizedVariant: String? {
        switch (architecture, variant) {
        case ("arm64", "v8"), ("amd64", "v1"), (_, ""): nil
        case ("arm", nil): "v7"
        default: variant
        }
    }

    /// The variants that run on this platform, best first.
    fileprivate var acceptedVariants: [String?] {
        switch architecture {
        case "arm": Platform.downward(["v8", "v7", "v6", "v5"], from: normalizedVariant)
        case "amd64": Platform.downward(["v4", "v3", "v2", nil], from: normalizedVariant)
        case "arm64" where normalizedVariant != nil: [normalizedVariant, nil]
        default: [normalizedVariant]
        }
    }

    private static func downward(_ order: [String?], from variant: String?) -> [String?] {
        order.firstIndex(of: variant).map { Array(order[$0...]) } ?? [variant]
    }

    /// `10.0.17763.1` and `10.0.17763.2` are one build: the first three numbers count.
    fileprivate func hasVersion(like wanted: Platform) -> Bool {
        guard let version = wanted.osVersion else { return true }
        guard let osVersion else { return false }
        return osVersion.split(separator: ".").prefix(3) == version.split(separator: ".").prefix(3)
    }
}
