import Inventory
import Layers
public import OCI

/// What was read of layers before, kept by their digest in the form of this version of the catalogue (``Inventory/Catalog/storedForm``).
///
/// A layer's digest says what is in it, so that it is read once, whatever images it is in. What is kept of it may be lost or damaged
/// at any time: it is read again then.
public struct KnownLayers: Sendable {
    private let lookUp: @Sendable (Digest) async -> [UInt8]?
    private let put: @Sendable (Digest, [UInt8]) async -> Void

    /// Layers that `find` gives back as `keep` got them.
    public init(
        find: @escaping @Sendable (Digest) async -> [UInt8]?,
        keep: @escaping @Sendable (Digest, [UInt8]) async -> Void
    ) {
        lookUp = find
        put = keep
    }

    func recall(_ layer: ResolvedImage.Layer, _ catalog: Catalog, _ limits: LayerLimits) async -> LayerContents? {
        guard KnownLayers.isNamedByBlob(layer), let bytes = await lookUp(layer.digest) else { return nil }
        let contents = catalog.contents(stored: bytes, limits: limits)
        // A manifest that tells another size is to fail as it would without what is kept.
        guard let contents, contents.counts.compressedBytes == layer.sizeInBytes else { return nil }
        return contents
    }

    func keep(_ contents: LayerContents, of layer: ResolvedImage.Layer, _ catalog: Catalog) async {
        guard KnownLayers.isNamedByBlob(layer), let bytes = catalog.stored(contents) else { return }
        await put(layer.digest, bytes)
    }

    /// Whether the layer's name is the digest that its bytes were held against, and it is a layer at all.
    private static func isNamedByBlob(_ layer: ResolvedImage.Layer) -> Bool {
        layer.expectation.digest == layer.digest && layer.mediaType.layerCompression != nil
    }
}
