import Foundation
import Layers
public import OCI

/// An image in an archive that `docker save` or `podman save` wrote.
///
/// Source: Docker image specification 1.2, "Combined Image JSON + Filesystem Changeset Format".
public struct ArchiveImage: ImageSource {
    private let file: LocalFile
    private let index: ArchiveIndex
    private let location: ImageLocation
    private let entry: Entry

    private static let documentLimitInBytes = 4 << 20

    private struct Entry: Decodable {
        var Config: String
        var RepoTags: [String]?
        var Layers: [String]
    }

    /// The image `reference` in the archive at `path`; without a reference, the only one there.
    public init(path: String, reference: String?) throws {
        file = try LocalFile(path: path)
        index = try ArchiveIndex(file)
        location = .archive(file: path, reference: reference)
        let json = try index.document("manifest.json", in: file, limit: ArchiveImage.documentLimitInBytes)
        guard JSONBounds.isShallow(json) else { throw ScanError(.unusableInput, "manifest.json is nested too deeply") }
        let entries: [Entry]
        do {
            entries = try JSONDecoder().decode([Entry].self, from: Data(json))
        } catch {
            throw ScanError(.unusableInput, "the manifest.json in \(path) is not one of docker save")
        }
        entry = try ArchiveImage.choose(reference, from: entries, path: path)
        guard entry.Layers.count <= Manifest.layerLimit else {
            throw ScanError(.unusableInput, "the image in \(path) has more than \(Manifest.layerLimit) layers")
        }
    }

    /// See ``ImageSource/resolve(_:)``.
    public func resolve(_ platform: Platform?) async throws -> ResolvedImage {
        let choice = PlatformChoice(asked: platform)
        let (json, configuration) = try configuration()
        if let actual = configuration.platform, !choice.takes(actual) {
            throw ScanError.noVariant(location.description, for: choice.wanted, offered: [actual])
        }
        return ResolvedImage(
            name: entry.RepoTags?.first ?? location.description,
            configurationDigest: Digest(of: json),
            configuration: configuration,
            platform: choice.wanted,
            layers: try layers(configuration)
        )
    }

    /// See ``ImageSource/platforms()``.
    public func platforms() async throws -> [Platform] { try configuration().parsed.platform.map { [$0] } ?? [] }

    /// See ``ImageSource/readLayer(_:into:)``.
    public func readLayer(_ layer: ResolvedImage.Layer, into reading: LayerReading) async throws {
        guard let path = layer.path, let place = index.place(of: path) else {
            throw ScanError(.unusableInput, "\(file.path) lacks the layer \(layer.digest)")
        }
        try await file.read(from: place.offset, count: place.sizeInBytes, into: reading)
    }

    private func configuration() throws(ScanError) -> (json: [UInt8], parsed: ImageConfiguration) {
        let json = try index.document(entry.Config, in: file, limit: ArchiveImage.documentLimitInBytes)
        return (json, try LayoutImage.read { () throws(DocumentError) in try ImageConfiguration(json: json) })
    }

    private func layers(_ configuration: ImageConfiguration) throws(ScanError) -> [ResolvedImage.Layer] {
        let diffs = configuration.rootfs?.diffIDs ?? []
        guard diffs.count == entry.Layers.count else {
            throw ScanError(.unusableInput, "the configuration in \(file.path) names other layers than its manifest")
        }
        let commands = configuration.commands(layers: diffs.count)
        var layers: [ResolvedImage.Layer] = []
        for (offset, path) in entry.Layers.enumerated() {
            guard let place = index.place(of: path) else {
                throw ScanError(.unusableInput, "\(file.path) lacks the layer \(offset + 1) of \(diffs.count)")
            }
            let digest: Digest
            do throws(Digest.ValidationError) {
                digest = try Digest(diffs[offset])
            } catch {
                throw ScanError(.unusableInput, "the configuration in \(file.path): \(error.message)")
            }
            layers.append(
                ResolvedImage.Layer(
                    digest: digest,
                    sizeInBytes: place.sizeInBytes,
                    mediaType: MediaType(rawValue: "application/vnd.docker.image.rootfs.diff.tar"),
                    expectation: LayerExpectation(
                        digest: nil,
                        sizeInBytes: place.sizeInBytes,
                        archiveDigest: digest
                    ),
                    createdBy: commands[offset],
                    path: path
                )
            )
        }
        return layers
    }

    private static func choose(_ reference: String?, from entries: [Entry], path: String) throws(ScanError) -> Entry {
        let names = entries.flatMap { $0.RepoTags ?? [] }
        let list = names.isEmpty ? nil : "It has " + names.prefix(20).joined(separator: ", ")
        if let reference {
            let wanted = normalized(reference)
            let found = entries.first { $0.RepoTags?.contains { normalized($0) == wanted } ?? false }
            guard let found else { throw ScanError(.unusableInput, "\(path) holds no image \(reference)", hint: list) }
            return found
        }
        guard let first = entries.first else { throw ScanError(.unusableInput, "\(path) holds no image") }
        guard entries.count == 1 else {
            throw ScanError(
                .unusableInput,
                "\(path) holds \(entries.count) images",
                hint: "Name one: docker-archive:\(path):REFERENCE. " + (list ?? "None has a name")
            )
        }
        return first
    }

    /// `alpine`, `alpine:latest` and Podman's `docker.io/library/alpine:latest` are one name.
    private static func normalized(_ name: String) -> String {
        do throws(ImageReference.ValidationError) {
            return try ImageReference(name).description
        } catch {
            return name
        }
    }
}
