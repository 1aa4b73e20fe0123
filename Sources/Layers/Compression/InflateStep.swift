/// What one call of a decompressor did.
struct InflateStep {
    /// Bytes written to the output.
    var produced: Int
    /// It has nothing more to write before it gets more input.
    var isStarved: Bool
    /// Set when the stream cannot be read further.
    var failure: LayerIncompleteness?

    static func damaged(_ reason: String, produced: Int = 0) -> InflateStep {
        InflateStep(produced: produced, isStarved: true, failure: .damagedCompression(reason))
    }
}
