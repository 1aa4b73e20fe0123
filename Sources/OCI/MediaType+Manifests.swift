extension MediaType {
    /// What registries are asked for: every form of manifest, and Docker's schema 1 in order to say that it is not supported.
    public static let manifestAccept = [
        imageIndex, imageManifest, dockerManifestList, dockerManifest, dockerSchema1Signed,
    ].map(\.rawValue).joined(separator: ", ")

    /// Docker's image manifest, schema 1, signed.
    public static let dockerSchema1Signed = MediaType(
        rawValue: "application/vnd.docker.distribution.manifest.v1+prettyjws"
    )
    /// Docker's image manifest, schema 1.
    public static let dockerSchema1 = MediaType(rawValue: "application/vnd.docker.distribution.manifest.v1+json")
    /// `{}`, the configuration of artifacts that have none.
    public static let emptyConfiguration = MediaType(rawValue: "application/vnd.oci.empty.v1+json")

    /// The type in a `Content-Type` header: without parameters, in lower case.
    public init(contentType: String) {
        let type = contentType.prefix { $0 != ";" }
        self.init(rawValue: type.filter { $0 != " " && $0 != "\t" }.lowercased())
    }

    /// Whether it names a list of manifests.
    public var isIndex: Bool { self == .imageIndex || self == .dockerManifestList }
    /// Whether it names the manifest of one image or artifact.
    public var isManifest: Bool { self == .imageManifest || self == .dockerManifest }
    /// Whether it names one or the other.
    public var isManifestOrIndex: Bool { isIndex || isManifest }
    /// Whether it names Docker's schema 1.
    public var isSchema1: Bool { self == .dockerSchema1 || self == .dockerSchema1Signed }
}
