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
    private static let tagAnnotation = "org.opencontainers.image.ref.name"

    /// The image `tag` in `directory`; without a tag, the only one there.
    public init(directory: String, tag: String?) {
        self.directory = directory
        self.tag = tag
    }

    private var name: String { ImageLocation.layout(directory: directory, tag: tag).description }

    /// See ``ImageSource/resolve(_:)``.
    public func resolve(_ platform: Platform?) async throws -> ResolvedImage {
        let choice = PlatformChoice(asked: platform)
        var descriptor = try root(choice)
        var indexDigest: Digest?
        for _ in 0...LayoutImage.nestingLimit {
            switch try document(descriptor) {
            case .image(let manifest):
                let found = try image(descriptor, manifest, indexDigest: indexDigest, choice)
                guard indexDigest != nil || choice.takes(found.platform) else {
                    throw ScanError.noVariant(name, for: choice.wanted, offered: [found.platform])
                }
                return found
            case .index(let index):
                guard let chosen = index.manifest(for: choice.wanted) else {
                    throw ScanError.noVariant(name, for: choice.wanted, offered: index.platforms)
                }
                indexDigest = indexDigest ?? descriptor.digest
                descriptor = chosen
            case .artifact(let manifest):
                let type = manifest.artifactName.prefix(100)
                throw ScanError(.unusableInput, "\(name) is no container image but \(type)")
            }
        }
        throw ScanError(.unusableInput, "the indexes in \(directory) are nested too deeply")
    }

    /// See ``ImageSource/platforms()``.
    public func platforms() async throws -> [Platform] {
        let candidates = try candidates()
        guard candidates.manifests.count == 1, let only = candidates.manifests.first else {
            return candidates.platforms
        }
        switch try document(only) {
        case .index(let index): return index.platforms
        case .image(let manifest): return try configuration(manifest).platform.map { [$0] } ?? []
        case .artifact: return []
        }
    }

    /// See ``ImageSource/readLayer(_:into:)``.
    public func readLayer(_ layer: ResolvedImage.Layer, into reading: LayerReading) async throws {
        let file = try LocalFile(path: path(of: layer.digest))
        try await file.read(from: 0, count: file.sizeInBytes, into: reading)
    }

    /// What `index.json` says of the tag, or of everything without one.
    private func candidates() throws(ScanError) -> ImageIndex {
        let json = try LocalFile(path: directory + "/index.json").bytes(limit: LayoutImage.documentLimitInBytes)
        var index = try LayoutImage.read { () throws(DocumentError) in try ImageIndex(json: json) }
        guard let tag else { return index }
        let names = index.manifests.compactMap { $0.annotations?[LayoutImage.tagAnnotation] }
        index.manifests = index.manifests.filter {
            // Some tools write the whole reference there.
            let name = $0.annotations?[LayoutImage.tagAnnotation]
            return name == tag || name?.hasSuffix(":" + tag) == true
        }
        guard index.manifests.isEmpty else { return index }
        throw ScanError(
            .unusableInput,
            "\(directory) holds no image with the tag \(tag)",
            hint: LayoutImage.list(names)
        )
    }

    /// Where the image begins: what the list says of it, or one of several that differ in nothing but their platform.
    private func root(_ choice: PlatformChoice) throws(ScanError) -> Descriptor {
        let found = try candidates()
        if found.manifests.count == 1, let only = found.manifests.first { return only }
        let names = found.manifests.compactMap { $0.annotations?[LayoutImage.tagAnnotation] }
        guard Set(names).count <= 1, !found.manifests.isEmpty, found.platforms.count == found.manifests.count else {
            throw ScanError(
                .unusableInput,
                "\(name) stands for \(found.manifests.count) images",
                hint: names.isEmpty ? nil : "Name one: oci:\(directory):TAG. " + (LayoutImage.list(names) ?? "")
            )
        }
        if let chosen = found.manifest(for: choice.wanted) { return chosen }
        throw ScanError.noVariant(name, for: choice.wanted, offered: found.platforms)
    }

    private static func list(_ names: [String]) -> String? {
        names.isEmpty ? nil : "It has " + names.sorted().prefix(20).joined(separator: ", ")
    }

    private func image(
        _ descriptor: Descriptor,
        _ manifest: Manifest,
        indexDigest: Digest?,
        _ choice: PlatformChoice
    ) throws(ScanError) -> ResolvedImage {
        ResolvedImage(
            name: name,
            digest: descriptor.digest,
            indexDigest: indexDigest,
            manifest: manifest,
            configuration: try configuration(manifest),
            platform: choice.wanted
        )
    }

    private func configuration(_ manifest: Manifest) throws(ScanError) -> ImageConfiguration {
        let json = try bytes(manifest.config)
        return try LayoutImage.read { () throws(DocumentError) in try ImageConfiguration(json: json) }
    }

    private func document(_ descriptor: Descriptor) throws(ScanError) -> ManifestDocument {
        let json = try bytes(descriptor)
        do {
            return try ManifestDocument(json, contentType: descriptor.mediaType.rawValue)
        } catch {
            throw ScanError(.unusableInput, "\(name): \(error.message)")
        }
    }

    private func bytes(_ descriptor: Descriptor) throws(ScanError) -> [UInt8] {
        let bytes = try LocalFile(path: path(of: descriptor.digest)).bytes(limit: LayoutImage.documentLimitInBytes)
        guard descriptor.size == Int64(bytes.count) else {
            throw ScanError(
                .contentMismatch,
                "the blob \(descriptor.digest) in \(directory) has \(bytes.count) bytes, not \(descriptor.size)"
            )
        }
        let digest = Digest(of: bytes, descriptor.digest.algorithm)
        guard digest == descriptor.digest else {
            throw ScanError(.contentMismatch, "the blob \(descriptor.digest) in \(directory) hashes to \(digest)")
        }
        return bytes
    }

    // A digest's text has no slashes and no dots.
    private func path(of digest: Digest) -> String { "\(directory)/blobs/\(digest.algorithm)/\(digest.hexadecimal)" }

    static func read<Value>(_ body: () throws(DocumentError) -> Value) throws(ScanError) -> Value {
        do {
            return try body()
        } catch {
            throw ScanError(.unusableInput, error.message)
        }
    }
}
