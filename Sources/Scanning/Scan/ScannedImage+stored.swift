import Inventory
import Layers

extension ScannedImage {
    private static let mark = "pratique scanned 1\n"

    /// The compact form of everything that a report is made of: an image is matched again, and its bill of materials written,
    /// without another look at its layers.
    public var stored: [UInt8] {
        var writer = StoredWriter()
        image.store(in: &writer)
        writer.write(layers) { writer, layer in
            layer.completeness.store(in: &writer)
            layer.counts.store(in: &writer)
        }
        merge.store(in: &writer)
        inventory.store(in: &writer)
        return StoredSeal.seal(writer.bytes, mark: ScannedImage.mark)
    }

    /// What ``stored`` was made of; nil when the bytes are something else.
    public init?(stored bytes: [UInt8]) {
        guard let payload = StoredSeal.open(bytes, mark: ScannedImage.mark) else { return nil }
        var reader = StoredReader(payload)
        do throws(StoredReader.Damage) {
            let image = try ResolvedImage(stored: &reader)
            var index = 0
            let layers = try reader.elements { reader throws(StoredReader.Damage) in
                guard image.layers.indices.contains(index) else { throw StoredReader.Damage() }
                index += 1
                return Layer(
                    layer: image.layers[index - 1],
                    completeness: try Completeness(stored: &reader),
                    counts: try LayerCounts(stored: &reader)
                )
            }
            let merge = try Completeness(stored: &reader)
            self.init(image: image, inventory: try Inventory(stored: &reader), layers: layers, merge: merge)
            try reader.finish()
        } catch {
            return nil
        }
    }
}
