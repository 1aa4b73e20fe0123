import Foundation
public import OCI

/// An image in a directory of the OCI image layout. Source: OCI image specification 1.1, image-layout.md.
public struct LayoutImage: ImageSource {
    private let directory: String
    private let tag: String?

    /// As large as a registry takes them. Source: OCI distribution specification 1.1, "Pushing manifests".
    private static let documentLimitInBytes = 4 << 20
    /// Indexes of indexes; two levels were seen.
    private static let nestingLimit = 4

    /// The image `tag` in `directory`; without a tag, the only one there.
    public init(directory: String, tag: String?) {
        self.directory = directory
        self.tag = tag
    }

    /// See ``ImageSource/resolve(_:)``.
    public func resolve(_ platform: Platform) async throws -> ResolvedImage {
        var (descriptor, indexDigest) = try root()
        for _ in 0..<LayoutImage.nestingLimit {
            let json = try document(descriptor)
            guard LayoutImage.isIndex(descriptor, json) else {
                return try image(descriptor, json, indexDigest: indexDigest, platform: platform)
            }
            let index = try LayoutImage.read { () throws(DocumentError) in try ImageIndex(json: json) }
            guard let chosen = index.manifest(for: platform) else {
                throw ScanError(
                    .unusableInput,
                    "the image has no variant for \(platform)",
                    hint: "It has " + index.images.compactMap { $0.platform?.description }.joined(separator: ", ")
                )
            }
            indexDigest = descriptor.digest
            descriptor = chosen
        }
        throw ScanError(.unusableInput, "the indexes in \(directory) are nested too deeply")
    }

    /// See ``ImageSource/platforms()``.
    public func platforms() async throws -> [Platform] {
        let (descriptor, _) = try root()
        let json = try document(descriptor)
        guard LayoutImage.isIndex(descriptor, json) else { return [] }
        let index = try LayoutImage.read { () throws(DocumentError) in try ImageIndex(json: json) }
        return index.images.compactMap { $0.platform }
    }

    /// See ``ImageSource/readLayer(_:into:)``.
    public func readLayer(_ layer: ResolvedImage.Layer, into reading: LayerReading) async throws {
        let file = try LocalFile(path: path(of: layer.digest))
        try file.read(from: 0, count: file.sizeInBytes) { reading.write($0) }
    }

    private func root() throws(ScanError) -> (Descriptor, Digest?) {
        let json = try LocalFile(path: directory + "/index.json").bytes(limit: LayoutImage.documentLimitInBytes)
        let index = try LayoutImage.read { () throws(DocumentError) in try ImageIndex(json: json) }
        let name = "org.opencontainers.image.ref.name"
        if let tag {
            // Some tools write the whole reference there.
            let found = index.manifests.filter {
                $0.annotations?[name] == tag || $0.annotations?[name]?.hasSuffix(":" + tag) == true
            }
            if let found = found.first { return (found, nil) }
        } else if index.manifests.count == 1, let only = index.manifests.first {
            return (only, nil)
        }
        let tags = index.manifests.compactMap { $0.annotations?[name] }.sorted().prefix(20)
        let list = tags.isEmpty ? "" : "It has " + tags.joined(separator: ", ")
        guard let tag else {
            throw ScanError(
                .unusableInput,
                "\(directory) holds \(index.manifests.count) images",
                hint: "Name one: oci:\(directory):TAG. \(list)"
            )
        }
        throw ScanError(
            .unusableInput,
            "\(directory) holds no image with the tag \(tag)",
            hint: list.isEmpty ? nil : list
        )
    }

    private func image(
        _ descriptor: Descriptor,
        _ json: [UInt8],
        indexDigest: Digest?,
        platform: Platform
    ) throws(ScanError) -> ResolvedImage {
        let manifest = try LayoutImage.read { () throws(DocumentError) in try Manifest(json: json) }
        guard manifest.isImage else {
            throw ScanError(.unusableInput, "what is in \(directory) is no container image")
        }
        let configuration = try document(manifest.config)
        return ResolvedImage(
            name: ImageLocation.layout(directory: directory, tag: tag).description,
            digest: descriptor.digest,
            indexDigest: indexDigest,
            manifest: manifest,
            configuration: try LayoutImage.read { () throws(DocumentError) in
                try ImageConfiguration(json: configuration)
            },
            platform: platform
        )
    }

    private func document(_ descriptor: Descriptor) throws(ScanError) -> [UInt8] {
        let bytes = try LocalFile(path: path(of: descriptor.digest)).bytes(limit: LayoutImage.documentLimitInBytes)
        let digest = Digest(of: bytes, descriptor.digest.algorithm)
        guard digest == descriptor.digest else {
            throw ScanError(.contentMismatch, "the blob \(descriptor.digest) in \(directory) hashes to \(digest)")
        }
        return bytes
    }

    // A digest's text has no slashes and no dots.
    private func path(of digest: Digest) -> String { "\(directory)/blobs/\(digest.algorithm)/\(digest.hexadecimal)" }

    private static func isIndex(_ descriptor: Descriptor, _ json: [UInt8]) -> Bool {
        descriptor.mediaType == .imageIndex || descriptor.mediaType == .dockerManifestList
    }

    static func read<Value>(_ body: () throws(DocumentError) -> Value) throws(ScanError) -> Value {
        do {
            return try body()
        } catch {
            throw ScanError(.unusableInput, error.message)
        }
    }
}
