import Foundation

/// What a manifest's bytes turned out to be.
public enum ManifestDocument: Sendable, Hashable {
    /// A container image.
    case image(Manifest)
    /// A list of manifests.
    case index(ImageIndex)
    /// A manifest that is no image: a signature, an SBOM, a chart.
    case artifact(Manifest)

    /// Reads `bytes`. The body's own `mediaType` counts, else `contentType`, else its members.
    ///
    /// Throws ``Unreadable``: for bytes that are no manifest, for Docker's schema 1, for a body that is both manifest and index, and
    /// for one whose own type and `contentType` name different kinds. Source: OCI distribution specification 1.1, "Pulling manifests".
    public init(_ bytes: [UInt8], contentType: String? = nil) throws(Unreadable) {
        guard JSONBounds.isShallow(bytes) else { throw Unreadable(.malformed, "a manifest nests too deep") }
        let outline: Outline
        do {
            outline = try JSONDecoder().decode(Outline.self, from: Data(bytes))
        } catch { throw Unreadable(.malformed, "a manifest is not readable JSON") }
        let named = outline.mediaType.map(MediaType.init(rawValue:)) ?? MediaType(contentType: contentType ?? "")
        guard outline.schemaVersion != 1, !named.isSchema1 else {
            throw Unreadable(.schema1, "the image has only a manifest of Docker's schema 1, which is not supported")
        }
        guard !outline.hasManifests || !(outline.hasConfig || outline.hasLayers) else {
            throw Unreadable(.ambiguous, "a manifest is an image and an index at once")
        }
        if let own = outline.mediaType, let contentType {
            let (own, sent) = (MediaType(rawValue: own), MediaType(contentType: contentType))
            guard !(own.isIndex && sent.isManifest), !(own.isManifest && sent.isIndex) else {
                throw Unreadable(.ambiguous, "a manifest's type and the type that it was sent as differ")
            }
        }
        do throws(DocumentError) {
            if named.isIndex || (!named.isManifest && outline.hasManifests) {
                self = .index(try ImageIndex(json: bytes))
            } else {
                let manifest = try Manifest(json: bytes)
                self = manifest.isImage ? .image(manifest) : .artifact(manifest)
            }
        } catch { throw Unreadable(.malformed, error.message) }
        try check()
    }

    private func check() throws(Unreadable) {
        switch self {
        case .index(let index):
            guard index.manifests.allSatisfy({ $0.size >= 0 }) else {
                throw Unreadable(.malformed, "an index has an entry of negative size")
            }
        case .image(let manifest), .artifact(let manifest):
            guard manifest.config.size >= 0, manifest.layers.allSatisfy({ $0.size >= 0 }) else {
                throw Unreadable(.malformed, "a manifest has a part of negative size")
            }
        }
    }

    /// Why bytes are no manifest.
    public struct Unreadable: Error, Sendable, Equatable {
        /// The kind of trouble.
        public enum Reason: Sendable {
            /// No manifest at all.
            case malformed
            /// Docker's first form, which has no digests of layers in the sense of today.
            case schema1
            /// Two readings.
            case ambiguous
        }

        /// The kind of trouble.
        public let reason: Reason
        /// What is wrong.
        public let message: String

        init(_ reason: Reason, _ message: String) {
            self.reason = reason
            self.message = message
        }
    }
}

/// What tells manifests and indexes apart, before either is decoded.
private struct Outline: Decodable {
    let schemaVersion: Int?
    let mediaType: String?
    let hasManifests: Bool
    let hasConfig: Bool
    let hasLayers: Bool

    enum CodingKeys: String, CodingKey {
        case schemaVersion
        case mediaType
        case manifests
        case config
        case layers
        case fsLayers
    }

    init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        let version = try container.decodeIfPresent(Int.self, forKey: .schemaVersion)
        schemaVersion = container.contains(.fsLayers) ? 1 : version
        mediaType = try container.decodeIfPresent(String.self, forKey: .mediaType)
        hasManifests = container.contains(.manifests)
        hasConfig = container.contains(.config)
        hasLayers = container.contains(.layers)
    }
}

extension Manifest {
    /// What it is, if it is no image: `artifactType`, else the type of the configuration.
    public var artifactName: String { artifactType ?? config.mediaType.rawValue }
}
