import Foundation
import Inventory
public import Layers
public import OCI

/// Reads an image layer by layer and catalogues what is installed in its final file system. Nothing is written to disk.
public struct ImageScanner: Sendable {
    private let limits: LayerLimits
    private let window: Int
    private let memory: HeldMemory

    /// Layers that are read side by side: one for each core, and one that waits for the network meanwhile.
    public static var defaultWindow: Int { max(2, ProcessInfo.processInfo.activeProcessorCount + 1) }

    /// A scanner that reads at most `window` layers at once, each within `limits`; scanners that share `memory` hold no more large
    /// files together than one.
    public init(
        limits: LayerLimits = LayerLimits(),
        window: Int = ImageScanner.defaultWindow,
        memory: HeldMemory = HeldMemory()
    ) {
        self.memory = memory
        self.limits = limits
        self.window = max(1, window)
    }

    /// Finds the image and reads its layers. Throws ``ScanError`` or `RegistryError`: a layer that does not arrive, or that is not
    /// the one announced, ends the scan. A layer that breaks a limit or is damaged inside is told in the result. Of `platform`, see
    /// ``ImageSource/resolve(_:)``.
    public func scan(
        _ source: any ImageSource,
        platform: Platform? = nil,
        known: KnownLayers? = nil,
        progress: ScanProgress = ScanProgress()
    ) async throws -> ScannedImage {
        try await scan(source.resolve(platform), from: source, known: known, progress: progress)
    }

    /// Reads the layers of an image that was found already. Nothing is pulled of those that are `known`, and the others are made
    /// known.
    public func scan(
        _ image: ResolvedImage,
        from source: any ImageSource,
        known: KnownLayers? = nil,
        progress: ScanProgress = ScanProgress()
    ) async throws -> ScannedImage {
        // One for each image: what files may leave in memory is counted over all of its layers.
        let catalog = Catalog()
        let contents = try await read(image, catalog, progress: progress) { layer in
            if let found = await known?.recall(layer, catalog, limits) {
                progress.reused(layer.sizeInBytes)
                return found
            }
            let contents = try await read(layer, from: source, catalog, progress: progress)
            await known?.keep(contents, of: layer, catalog)
            return contents
        }
        let layers = image.layers.compactMap { layer in contents[layer.digest].map { (layer: layer, contents: $0) } }
        let files = FileSystem(layers: layers.map(\.contents), limits: limits)
        return ScannedImage(
            image: image,
            inventory: catalog.inventory(of: files, layers: layers.map(\.contents)),
            layers: layers.map {
                ScannedImage.Layer(layer: $0.layer, completeness: $0.contents.completeness, counts: $0.contents.counts)
            },
            merge: files.completeness
        )
    }

    /// Every layer once, the largest first: the cores are then busy to the end.
    private func read(
        _ image: ResolvedImage,
        _ catalog: Catalog,
        progress: ScanProgress,
        _ contentsOf: @escaping @Sendable (ResolvedImage.Layer) async throws -> LayerContents
    ) async throws -> [Digest: LayerContents] {
        var unique: [Digest: ResolvedImage.Layer] = [:]
        for layer in image.layers { unique[layer.digest] = layer }
        var waiting = unique.values.sorted {
            ($0.sizeInBytes, $0.digest.hexadecimal) > ($1.sizeInBytes, $1.digest.hexadecimal)
        }[...]
        progress.begin(layers: unique.count, bytes: unique.values.reduce(0) { $0 &+ $1.sizeInBytes })
        return try await withThrowingTaskGroup(of: (Digest, LayerContents).self) { group in
            var contents: [Digest: LayerContents] = [:]
            for _ in 0..<window {
                guard let layer = waiting.popFirst() else { break }
                group.addTask { (layer.digest, try await contentsOf(layer)) }
            }
            while let (digest, found) = try await group.next() {
                contents[digest] = found
                progress.finishedLayer()
                if let layer = waiting.popFirst() {
                    group.addTask { (layer.digest, try await contentsOf(layer)) }
                }
            }
            return contents
        }
    }

    private func read(
        _ layer: ResolvedImage.Layer,
        from source: any ImageSource,
        _ catalog: Catalog,
        progress: ScanProgress
    ) async throws -> LayerContents {
        guard layer.mediaType.layerCompression != nil else {
            return .notRead("it is of the type \(layer.mediaType), which is no layer")
        }
        let reading = LayerReading(
            expecting: layer.expectation,
            selector: catalog,
            limits: limits,
            progress: progress,
            memory: memory
        )
        do {
            try await source.readLayer(layer, into: reading)
        } catch let error where layer.mediaType.isForeignLayer && !(error is CancellationError) {
            // Registries need not have them. Source: OCI image specification 1.1, "Non-Distributable Layers".
            return .notRead("the registry does not have this foreign layer (\(error))")
        }
        do {
            return try await reading.finish()
        } catch {
            throw ScanError(
                .contentMismatch,
                "the layer \(layer.digest): \(error.message)",
                hint: "The registry or the archive is damaged, or something changes it on the way; push the image again"
            )
        }
    }
}
