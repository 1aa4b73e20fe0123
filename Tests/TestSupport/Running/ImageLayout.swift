import Crypto
import Foundation

/// The smallest image there is, as an OCI image layout on disk: one layer that is an empty tar. Source: OCI image specification
/// 1.1, image-layout.md.
struct ImageLayout {
    let os: String
    let architecture: String
    /// Makes it another image.
    let seed: String

    private struct Blob {
        let bytes: Data
        var digest: String {
            SHA256.hash(data: bytes).map { String($0 >> 4, radix: 16) + String($0 & 15, radix: 16) }.joined()
        }
        var descriptor: String { #""digest":"sha256:\#(digest)","size":\#(bytes.count)"# }
    }

    /// Writes the layout; the image has the tag that the reader names.
    func write(to folder: String) throws {
        let layer = Blob(bytes: Data(count: 1_024))
        let configuration = Blob(
            bytes: Data(
                #"{"os":"\#(os)","architecture":"\#(architecture)","config":{"Labels":{"seed":"\#(seed)"}},"rootfs":{"type":"layers","diff_ids":["sha256:\#(layer.digest)"]}}"#
                    .utf8
            )
        )
        let manifest = Blob(
            bytes: Data(
                #"{"schemaVersion":2,"mediaType":"application/vnd.oci.image.manifest.v1+json","config":{"mediaType":"application/vnd.oci.image.config.v1+json",\#(configuration.descriptor)},"layers":[{"mediaType":"application/vnd.oci.image.layer.v1.tar",\#(layer.descriptor)}]}"#
                    .utf8
            )
        )
        let tag = seed.split(separator: ":").last.map(String.init) ?? "latest"
        let index =
            #"{"schemaVersion":2,"manifests":[{"mediaType":"application/vnd.oci.image.manifest.v1+json",\#(manifest.descriptor),"annotations":{"org.opencontainers.image.ref.name":"\#(tag)"}}]}"#
        let blobs = folder + "/blobs/sha256"
        try FileManager.default.createDirectory(atPath: blobs, withIntermediateDirectories: true)
        for blob in [layer, configuration, manifest] {
            try blob.bytes.write(to: URL(filePath: "\(blobs)/\(blob.digest)"))
        }
        try Data(index.utf8).write(to: URL(filePath: folder + "/index.json"))
        try Data(#"{"imageLayoutVersion":"1.0.0"}"#.utf8).write(to: URL(filePath: folder + "/oci-layout"))
    }
}
