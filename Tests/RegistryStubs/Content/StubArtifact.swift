import Crypto
public import Foundation
public import OCI

/// One manifest of a stub, with the bytes that its digest is of.
public struct StubArtifact: Sendable {
    /// What it is, in Harbor's words (`IMAGE`, `CHART`, …); OCI registries tell it by the types below.
    public var type: String
    /// The bytes.
    public let manifest: [UInt8]
    /// The type of the manifest.
    public let mediaType: String
    /// The type of its configuration.
    public let configurationType: String
    /// `artifactType` of the manifest.
    public let artifactType: String?
    /// `sha256:…` of the bytes.
    public let digest: String
    /// Bytes of the image as Harbor counts them: manifest, configuration and layers.
    public var size: Int
    /// The tags that point at it.
    public var tags: [String]
    /// When it was pushed.
    public var pushedAt: Date
    /// When it was last pulled.
    public var pulledAt: Date?
    /// Platforms, for an index.
    public var platforms: [Platform] = []
    /// Blobs that the manifest names, by digest.
    public var blobs: [String: [UInt8]] = [:]

    /// An image for linux/amd64 with one small layer; `seed` makes it another one.
    public static func image(_ seed: String, tags: [String], pushedAt: Date = StubArtifact.someday) -> StubArtifact {
        make(
            type: "IMAGE",
            seed: seed,
            configurationType: "application/vnd.oci.image.config.v1+json",
            layerType: "application/vnd.oci.image.layer.v1.tar+gzip",
            artifactType: nil,
            tags: tags,
            pushedAt: pushedAt
        )
    }

    /// A Helm chart.
    public static func chart(_ seed: String, tags: [String], pushedAt: Date = StubArtifact.someday) -> StubArtifact {
        make(
            type: "CHART",
            seed: seed,
            configurationType: "application/vnd.cncf.helm.config.v1+json",
            layerType: "application/vnd.cncf.helm.chart.content.v1.tar+gzip",
            artifactType: nil,
            tags: tags,
            pushedAt: pushedAt
        )
    }

    /// A cosign signature of `digest`, under the tag that cosign gives it.
    public static func signature(of digest: String, pushedAt: Date = StubArtifact.someday) -> StubArtifact {
        make(
            type: "IMAGE",
            seed: "signature \(digest)",
            configurationType: "application/vnd.oci.image.config.v1+json",
            layerType: "application/vnd.dev.cosign.simplesigning.v1+json",
            artifactType: nil,
            tags: [digest.replacingOccurrences(of: ":", with: "-") + ".sig"],
            pushedAt: pushedAt
        )
    }

    /// An index of two images.
    public static func index(_ seed: String, tags: [String], pushedAt: Date = StubArtifact.someday) -> StubArtifact {
        let children = [image("\(seed) amd64", tags: []), image("\(seed) arm64", tags: [])]
        let platforms = [
            Platform(os: "linux", architecture: "amd64"), Platform(os: "linux", architecture: "arm64", variant: "v8"),
        ]
        let type = "application/vnd.oci.image.index.v1+json"
        let entries = zip(children, platforms).map { child, platform in
            #"{"mediaType":"\#(child.mediaType)","digest":"\#(child.digest)","size":\#(child.manifest.count),"#
                + #""platform":{"os":"linux","architecture":"\#(platform.architecture)"}}"#
        }
        let text = #"{"schemaVersion":2,"mediaType":"\#(type)","manifests":[\#(entries.joined(separator: ","))]}"#
        var index = StubArtifact(
            type: "IMAGE",
            manifest: Array(text.utf8),
            mediaType: type,
            configurationType: "",
            artifactType: nil,
            tags: tags,
            pushedAt: pushedAt
        )
        index.platforms = platforms
        index.size = children.reduce(text.utf8.count) { $0 + $1.size }
        return index
    }

    /// The moment at which everything was pushed that says nothing else.
    public static let someday = Date(timeIntervalSince1970: 1_750_000_000)

    private init(
        type: String,
        manifest: [UInt8],
        mediaType: String,
        configurationType: String,
        artifactType: String?,
        tags: [String],
        pushedAt: Date
    ) {
        self.type = type
        self.manifest = manifest
        self.mediaType = mediaType
        self.configurationType = configurationType
        self.artifactType = artifactType
        digest = StubArtifact.sha256(manifest)
        size = manifest.count
        self.tags = tags
        self.pushedAt = pushedAt
    }

    private static func make(
        type: String,
        seed: String,
        configurationType: String,
        layerType: String,
        artifactType: String?,
        tags: [String],
        pushedAt: Date
    ) -> StubArtifact {
        let configuration = Array(#"{"architecture":"amd64","os":"linux","comment":"\#(seed)"}"#.utf8)
        let layer = Array("layer of \(seed)".utf8)
        let mediaType = "application/vnd.oci.image.manifest.v1+json"
        let text =
            #"{"schemaVersion":2,"mediaType":"\#(mediaType)","#
            + #""config":{"mediaType":"\#(configurationType)","digest":"\#(sha256(configuration))","#
            + #""size":\#(configuration.count)},"layers":[{"mediaType":"\#(layerType)","digest":"\#(sha256(layer))","#
            + #""size":\#(layer.count)}]}"#
        var artifact = StubArtifact(
            type: type,
            manifest: Array(text.utf8),
            mediaType: mediaType,
            configurationType: configurationType,
            artifactType: artifactType,
            tags: tags,
            pushedAt: pushedAt
        )
        artifact.blobs = [sha256(configuration): configuration, sha256(layer): layer]
        artifact.size += configuration.count + layer.count
        return artifact
    }

    private static func sha256(_ bytes: [UInt8]) -> String { Digest(SHA256.hash(data: bytes)).description }
}
