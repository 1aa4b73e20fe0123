import Foundation
import Inventory
import Logging
import OCI
import Storage
import Tenancy

/// What is kept of layers and manifests for one organization and one registry.
///
/// A digest alone is no right to see what it names: a registry of somebody's own may tell any digest of any tag. What one registry
/// showed to one organization is therefore known to scans of the same two only.
struct LayerShelf: Sendable {
    private let database: any Database
    private let clock: ScanClock
    private let logger: Logger
    /// Names the two.
    let scope: String

    init(
        _ database: any Database,
        organization: OrganizationID,
        registry: String,
        clock: ScanClock,
        logger: Logger
    ) {
        self.database = database
        self.clock = clock
        self.logger = logger
        scope = "\(organization) \(registry)"
    }

    /// Layers are kept in the form of one version of the catalogue.
    private var layerScope: String { "\(Catalog.storedForm) \(scope)" }

    /// The layers; trouble with the database makes them unknown.
    var layers: KnownLayers {
        KnownLayers { digest in
            await attempt("layer not looked up") {
                try await database.read { try LayerInventoryStore($0).find(.layer, digest, scope: layerScope) }
            }
        } keep: { digest, bytes in
            await attempt("layer not kept") {
                try await database.write { session in
                    try LayerInventoryStore(session).insert(
                        .layer,
                        digest,
                        scope: layerScope,
                        contents: bytes,
                        at: clock.now(),
                        limitInBytes: ScanWorkLimits.layersInBytes
                    )
                }
            }
        }
    }

    /// Whether nothing of the image has to be pulled.
    func holds(_ image: ResolvedImage) async -> Bool {
        let digests = Array(Set(image.layers.map(\.digest)))
        let isHeld = await attempt("layers not looked up") {
            try await database.read { try LayerInventoryStore($0).holds(.layer, digests, scope: layerScope) } as Bool?
        }
        return isHeld ?? false
    }

    /// Notes that the layers of an image were used.
    func touch(_ image: ResolvedImage, _ session: any SQLSession) throws {
        let digests = Array(Set(image.layers.map(\.digest)))
        try LayerInventoryStore(session).touch(.layer, digests, scope: layerScope, at: clock.now())
    }

    /// The image that a digest stands for on a platform.
    func image(_ digest: Digest, platform: String, name: String) async -> ResolvedImage? {
        let bytes = await attempt("image not looked up") {
            try await database.read { try LayerInventoryStore($0).find(.image, digest, scope: imageScope(platform)) }
        }
        return bytes.flatMap { ResolvedImage(stored: $0, name: name) }
    }

    /// Keeps an image that was found.
    func keep(_ image: ResolvedImage, platform: String) async {
        await attempt("image not kept") {
            try await database.write { session in
                try LayerInventoryStore(session).insert(
                    .image,
                    image.indexDigest ?? image.digest,
                    scope: imageScope(platform),
                    contents: image.stored,
                    at: clock.now(),
                    limitInBytes: ScanWorkLimits.imagesInBytes
                )
            }
        }
    }

    private func imageScope(_ platform: String) -> String { "\(platform) \(scope)" }

    /// What is kept saves work and decides nothing: a scan goes on without it.
    private func attempt<Result>(_ message: Logger.Message, _ body: () async throws -> Result?) async -> Result? {
        do {
            return try await body()
        } catch {
            logger.warning(message, metadata: ["cause": "\(error)"])
            return nil
        }
    }

    private func attempt(_ message: Logger.Message, _ body: () async throws -> Void) async {
        do {
            try await body()
        } catch {
            logger.warning(message, metadata: ["cause": "\(error)"])
        }
    }
}
