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
        let json = try ArchiveImage.document("manifest.json", in: file, index)
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

    /// See ``ImageSource/resolve(_:)``. The platform is what the archive holds, whatever is asked for.
    public func resolve(_ platform: Platform) async throws -> ResolvedImage {
        let json = try ArchiveImage.document(entry.Config, in: file, index)
        let configuration = try LayoutImage.read { () throws(DocumentError) in try ImageConfiguration(json: json) }
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
                    expectation: LayerExpectation(digest: nil, sizeInBytes: place.sizeInBytes, archiveDigest: digest),
                    createdBy: commands[offset],
                    path: path
                )
            )
        }
        return ResolvedImage(
            name: entry.RepoTags?.first ?? location.description,
            configurationDigest: Digest(of: json),
            configuration: configuration,
            platform: platform,
            layers: layers
        )
    }

    /// See ``ImageSource/platforms()``.
    public func platforms() async throws -> [Platform] { [] }

    /// See ``ImageSource/readLayer(_:into:)``.
    public func readLayer(_ layer: ResolvedImage.Layer, into reading: LayerReading) async throws {
        guard let path = layer.path, let place = index.place(of: path) else {
            throw ScanError(.unusableInput, "\(file.path) lacks the layer \(layer.digest)")
        }
        try file.read(from: place.offset, count: place.sizeInBytes) { reading.write($0) }
    }

    private static func choose(_ reference: String?, from entries: [Entry], path: String) throws(ScanError) -> Entry {
        let names = entries.flatMap { $0.RepoTags ?? [] }
        if let reference {
            let wanted = [reference, reference + ":latest"]
            if let found = entries.first(where: { $0.RepoTags?.contains(where: wanted.contains) ?? false }) {
                return found
            }
            throw ScanError(
                .unusableInput,
                "\(path) holds no image \(reference)",
                hint: names.isEmpty ? nil : "It has " + names.prefix(20).joined(separator: ", ")
            )
        }
        guard let first = entries.first else { throw ScanError(.unusableInput, "\(path) holds no image") }
        guard entries.count == 1 else {
            throw ScanError(
                .unusableInput,
                "\(path) holds \(entries.count) images",
                hint: "Name one: docker-archive:\(path):REFERENCE. It has " + names.prefix(20).joined(separator: ", ")
            )
        }
        return first
    }

    private static func document(_ path: String, in file: LocalFile, _ index: ArchiveIndex) throws(ScanError) -> [UInt8]
    {
        guard let place = index.place(of: path) else {
            throw ScanError(.unusableInput, "\(file.path) is no archive of docker save: it has no \(path)")
        }
        guard place.sizeInBytes <= documentLimitInBytes else {
            throw ScanError(.unusableInput, "\(path) in \(file.path) has more than \(documentLimitInBytes) bytes")
        }
        return try file.bytes(at: place.offset, count: Int(place.sizeInBytes))
    }
}
