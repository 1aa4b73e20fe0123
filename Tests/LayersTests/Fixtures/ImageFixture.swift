import Crypto
import Foundation
import OCI

/// Builds an image in code: its layers as tar archives, and what belongs to them, as an OCI image layout.
struct ImageFixture {
    /// A layer: its archive, and how it is stored.
    struct Layer {
        let archive: [UInt8]
        let blob: [UInt8]
        let mediaType: String

        var descriptor: Descriptor {
            Descriptor(
                mediaType: MediaType(rawValue: mediaType),
                digest: ImageFixture.digest(blob),
                size: Int64(blob.count)
            )
        }
    }

    private(set) var layers: [Layer] = []

    static func digest(_ bytes: [UInt8]) -> OCI.Digest { OCI.Digest(SHA256.hash(data: bytes)) }

    /// Adds a layer on top. Its name does not have to tell the truth about what it is stored as.
    mutating func add(_ compression: LayerCompression = .gzip, mediaType: String? = nil, archive: [UInt8]) throws {
        let blob =
            switch compression {
            case .none: archive
            case .gzip: try Compressor.gzip(archive)
            case .zstd: try Compressor.zstd(archive)
            }
        let suffix = compression == .none ? "" : "+\(compression.rawValue)"
        let type = mediaType ?? "application/vnd.oci.image.layer.v1.tar\(suffix)"
        layers.append(Layer(archive: archive, blob: blob, mediaType: type))
    }

    mutating func add(_ compression: LayerCompression = .gzip, _ body: (inout TarFixture) -> Void) throws {
        try add(compression, archive: TarFixture.archive(.ustar, body))
    }

    /// The image's configuration.
    var configuration: [UInt8] {
        let diffs = layers.map { "\"\(ImageFixture.digest($0.archive))\"" }.joined(separator: ",")
        let history = layers.indices.map { "{\"created_by\":\"layer \($0)\"}" }.joined(separator: ",")
        return Array(
            """
            {"architecture":"amd64","os":"linux","config":{},"rootfs":{"type":"layers","diff_ids":[\(diffs)]},\
            "history":[\(history)]}
            """.utf8
        )
    }

    /// The image's manifest.
    var manifest: [UInt8] {
        let list = layers.map {
            "{\"mediaType\":\"\($0.mediaType)\",\"digest\":\"\($0.descriptor.digest)\",\"size\":\($0.blob.count)}"
        }
        return Array(
            """
            {"schemaVersion":2,"mediaType":"\(MediaType.imageManifest)",\
            "config":{"mediaType":"\(MediaType.imageConfiguration)","digest":"\(ImageFixture.digest(configuration))",\
            "size":\(configuration.count)},"layers":[\(list.joined(separator: ","))]}
            """.utf8
        )
    }

    /// Writes an OCI image layout into an existing directory, the image tagged `tag`.
    func writeLayout(to directory: String, tag: String = "latest") throws {
        let blobs = "\(directory)/blobs/sha256"
        try FileManager.default.createDirectory(atPath: blobs, withIntermediateDirectories: true)
        for blob in layers.map(\.blob) + [configuration, manifest] {
            try Data(blob).write(to: URL(fileURLWithPath: "\(blobs)/\(ImageFixture.digest(blob).hexadecimal)"))
        }
        let index = """
            {"schemaVersion":2,"mediaType":"\(MediaType.imageIndex)","manifests":[{"mediaType":"\(MediaType.imageManifest)",\
            "digest":"\(ImageFixture.digest(manifest))","size":\(manifest.count),"platform":{"architecture":"amd64",\
            "os":"linux"},"annotations":{"org.opencontainers.image.ref.name":"\(tag)"}}]}
            """
        try Data(index.utf8).write(to: URL(fileURLWithPath: "\(directory)/index.json"))
        try Data(#"{"imageLayoutVersion":"1.0.0"}"#.utf8).write(to: URL(fileURLWithPath: "\(directory)/oci-layout"))
    }
}
