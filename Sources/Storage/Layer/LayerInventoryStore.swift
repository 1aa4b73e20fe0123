public import Foundation
public import OCI

/// What was read of layers and manifests, kept so that it need not be pulled again. The contents are their writer's matter.
///
/// Content is kept by digest, whoever's scan brought it: a scan uses it only after the registry has let it see the manifest that
/// names it.
public struct LayerInventoryStore {
    private let session: any SQLSession

    /// The store on one connection.
    public init(_ session: any SQLSession) { self.session = session }

    /// What was kept of a layer by this version of the cataloguer.
    public func find(_ digest: Digest, cataloguer: String) throws -> [UInt8]? {
        throw StorageError(.unavailable, "soon")
    }

    /// Which of `digests` are kept.
    public func known(_ digests: [Digest], cataloguer: String) throws -> Set<Digest> {
        throw StorageError(.unavailable, "soon")
    }

    /// Notes that layers were used, so that others go first.
    public func touch(_ digests: [Digest], cataloguer: String, at now: Date) throws {
        throw StorageError(.unavailable, "soon")
    }

    /// Keeps a layer; drops those that were not used for longest until all of them are within `limitInBytes`.
    public func insert(
        _ digest: Digest,
        cataloguer: String,
        contents: [UInt8],
        at now: Date,
        limitInBytes: Int64
    ) throws {
        throw StorageError(.unavailable, "soon")
    }

    /// What was kept of an image's manifest and configuration. `digest` is what the tag leads to, index or manifest; `platform` is
    /// the one asked for.
    public func resolved(_ digest: Digest, platform: String) throws -> [UInt8]? {
        throw StorageError(.unavailable, "soon")
    }

    /// Keeps an image's manifest and configuration; bounded as layers are.
    public func insertResolved(
        _ digest: Digest,
        platform: String,
        contents: [UInt8],
        at now: Date,
        limitInBytes: Int64
    ) throws {
        throw StorageError(.unavailable, "soon")
    }
}
