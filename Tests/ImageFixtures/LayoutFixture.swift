import Foundation
package import OCI

/// An OCI image layout in the making: images and indexes of them, and the file that lists them.
package struct LayoutFixture {
    /// What `index.json` says of one manifest.
    package struct Entry {
        package var mediaType: MediaType
        package var digest: OCI.Digest
        package var size: Int
        package var tag: String?
        package var platform: Platform?

        package init(
            mediaType: MediaType,
            digest: OCI.Digest,
            size: Int,
            tag: String? = nil,
            platform: Platform? = nil
        ) {
            self.mediaType = mediaType
            self.digest = digest
            self.size = size
            self.tag = tag
            self.platform = platform
        }

        var json: String {
            var json = "{\"mediaType\":\"\(mediaType)\",\"digest\":\"\(digest)\",\"size\":\(size)"
            if let platform {
                let variant = platform.variant.map { ",\"variant\":\"\($0)\"" } ?? ""
                json +=
                    ",\"platform\":{\"os\":\"\(platform.os)\",\"architecture\":\"\(platform.architecture)\"\(variant)}"
            }
            if let tag { json += ",\"annotations\":{\"org.opencontainers.image.ref.name\":\"\(tag)\"}" }
            return json + "}"
        }
    }

    package var blobs: [OCI.Digest: [UInt8]] = [:]
    package var entries: [Entry] = []

    package init() {}

    /// Adds an image.
    package mutating func add(_ image: ImageFixture, tag: String? = nil, platform: Platform? = nil) {
        blobs.merge(image.blobs) { $1 }
        entries.append(
            Entry(
                mediaType: image.mediaType,
                digest: image.digest,
                size: image.manifest.count,
                tag: tag,
                platform: platform
            )
        )
    }

    /// Adds an index of what is given, itself listed under `tag`. `levels` above 1 puts it into indexes of its own.
    package mutating func add(indexOf images: [ImageFixture], tag: String? = nil, levels: Int = 1) {
        var below = LayoutFixture()
        for image in images { below.add(image, platform: image.platform) }
        var entry: Entry?
        for level in 0..<levels {
            let index = LayoutFixture.index(level == 0 ? below.entries : entry.map { [$0] } ?? [])
            below.blobs[ImageFixture.digest(index)] = index
            entry = Entry(
                mediaType: .imageIndex,
                digest: ImageFixture.digest(index),
                size: index.count,
                // Indexes of indexes name a platform too, or nobody would look into them.
                platform: level + 1 < levels ? images.first?.platform : nil
            )
        }
        blobs.merge(below.blobs) { $1 }
        if var entry {
            entry.tag = tag
            entries.append(entry)
        }
    }

    /// An index as bytes.
    package static func index(_ entries: [Entry], mediaType: MediaType = .imageIndex) -> [UInt8] {
        let list = entries.map(\.json).joined(separator: ",")
        return Array("{\"schemaVersion\":2,\"mediaType\":\"\(mediaType)\",\"manifests\":[\(list)]}".utf8)
    }

    /// Writes everything into an existing directory.
    package func write(to directory: String) throws {
        let folder = "\(directory)/blobs/sha256"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        for (digest, blob) in blobs {
            try Data(blob).write(to: URL(fileURLWithPath: "\(folder)/\(digest.hexadecimal)"))
        }
        try Data(LayoutFixture.index(entries)).write(to: URL(fileURLWithPath: "\(directory)/index.json"))
        try Data(#"{"imageLayoutVersion":"1.0.0"}"#.utf8).write(to: URL(fileURLWithPath: "\(directory)/oci-layout"))
    }
}
