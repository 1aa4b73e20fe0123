import Crypto
import Foundation
package import OCI

/// Builds an image in code: its layers as tar archives, and what belongs to them, as an OCI image layout.
package struct ImageFixture {
    /// Whose media types the image has.
    package enum Flavor: CaseIterable { case oci, docker }

    /// A layer: its archive, and how it is stored.
    package struct Layer {
        package var archive: [UInt8]
        package var blob: [UInt8]
        package var mediaType: String
        /// The command that the history tells of it.
        package var createdBy: String
        /// What the manifest says of the blob, where it does not tell the truth.
        package var toldDigest: OCI.Digest?
        package var toldSize: Int?

        package var descriptor: Descriptor {
            Descriptor(
                mediaType: MediaType(rawValue: mediaType),
                digest: toldDigest ?? ImageFixture.digest(blob),
                size: Int64(toldSize ?? blob.count)
            )
        }
    }

    package var layers: [Layer] = []
    package var flavor = Flavor.oci
    package var platform = Platform.linuxAMD64

    package init() {}

    package static func digest(_ bytes: [UInt8]) -> OCI.Digest { OCI.Digest(SHA256.hash(data: bytes)) }

    /// Adds a layer on top. Its name does not have to tell the truth about what it is stored as.
    package mutating func add(
        _ compression: LayerCompression = .gzip,
        mediaType: String? = nil,
        createdBy: String? = nil,
        archive: [UInt8]
    ) throws {
        let blob =
            switch compression {
            case .none: archive
            case .gzip: try Compressor.gzip(archive)
            case .zstd: try Compressor.zstd(archive)
            }
        layers.append(
            Layer(
                archive: archive,
                blob: blob,
                mediaType: mediaType ?? layerType(compression),
                createdBy: createdBy ?? "layer \(layers.count)"
            )
        )
    }

    package mutating func add(
        _ compression: LayerCompression = .gzip,
        createdBy: String? = nil,
        _ body: (inout TarFixture) -> Void
    ) throws {
        try add(compression, createdBy: createdBy, archive: TarFixture.archive(.ustar, body))
    }

    private func layerType(_ compression: LayerCompression) -> String {
        switch flavor {
        case .oci:
            "application/vnd.oci.image.layer.v1.tar" + (compression == .none ? "" : "+\(compression.rawValue)")
        case .docker:
            "application/vnd.docker.image.rootfs.diff.tar" + (compression == .none ? "" : ".\(compression.rawValue)")
        }
    }

    /// The image's configuration. A step without a layer stands in the history, as builders write it.
    package var configuration: [UInt8] {
        let diffs = layers.map { "\"\(ImageFixture.digest($0.archive))\"" }.joined(separator: ",")
        let steps =
            layers.map { "{\"created_by\":\"\($0.createdBy)\"}" }
            + ["{\"created_by\":\"CMD [\\\"sh\\\"]\",\"empty_layer\":true}"]
        let variant = platform.variant.map { ",\"variant\":\"\($0)\"" } ?? ""
        return Array(
            """
            {"architecture":"\(platform.architecture)","os":"\(platform.os)"\(variant),"config":{},\
            "rootfs":{"type":"layers","diff_ids":[\(diffs)]},"history":[\(steps.joined(separator: ","))]}
            """.utf8
        )
    }

    package var mediaType: MediaType { flavor == .oci ? .imageManifest : .dockerManifest }

    /// The image's manifest.
    package var manifest: [UInt8] {
        let configurationType: MediaType = flavor == .oci ? .imageConfiguration : .dockerConfiguration
        let list = layers.map {
            "{\"mediaType\":\"\($0.mediaType)\",\"digest\":\"\($0.descriptor.digest)\",\"size\":\($0.descriptor.size)}"
        }
        return Array(
            """
            {"schemaVersion":2,"mediaType":"\(mediaType)",\
            "config":{"mediaType":"\(configurationType)","digest":"\(ImageFixture.digest(configuration))",\
            "size":\(configuration.count)},"layers":[\(list.joined(separator: ","))]}
            """.utf8
        )
    }

    /// Of the manifest.
    package var digest: OCI.Digest { ImageFixture.digest(manifest) }

    /// Everything that the image consists of, by digest: manifest, configuration and layers.
    package var blobs: [OCI.Digest: [UInt8]] {
        var blobs = [digest: manifest, ImageFixture.digest(configuration): configuration]
        for layer in layers { blobs[layer.descriptor.digest] = layer.blob }
        return blobs
    }

    /// Writes an OCI image layout into an existing directory, the image tagged `tag`.
    package func writeLayout(to directory: String, tag: String = "latest") throws {
        var layout = LayoutFixture()
        layout.add(self, tag: tag)
        try layout.write(to: directory)
    }
}
