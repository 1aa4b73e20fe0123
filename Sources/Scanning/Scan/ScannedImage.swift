public import Inventory
public import Layers

/// What one run over one image found, and how much of the image it saw.
public struct ScannedImage: Sendable {
    /// What became of one layer.
    public struct Layer: Sendable {
        /// The layer.
        public let layer: ResolvedImage.Layer
        /// Whether everything in it was seen.
        public let completeness: Completeness
        /// What was counted while it was read.
        public let counts: LayerCounts
    }

    /// The image.
    public var image: ResolvedImage
    /// What is installed in it.
    public let inventory: Inventory
    /// Bottom first.
    public let layers: [Layer]
    /// Whether the layers could be laid over each other within the limits.
    public let merge: Completeness

    /// Whether every layer was seen to its end, and the final file system is known.
    public var isComplete: Bool {
        merge == .complete && layers.count == image.layers.count && layers.allSatisfy { $0.completeness == .complete }
    }
}
