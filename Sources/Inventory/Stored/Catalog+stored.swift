public import Layers

extension Catalog {
    /// Names what ``stored(_:)`` writes: by which version of the cataloguers, in which version of the form.
    public static let storedForm = "\(version).\(LayerContents.storedVersion)"

    /// Bytes of the form of one layer; a layer that takes more is read again. The fattest layers of distributions take 8 MB.
    public static let storedLimitInBytes = 32 << 20

    /// The compact form of a layer that this catalogue read; nil for one that was not seen to its end, and once this image took
    /// more than its memory: what was left out of a layer then depends on the layers beside it.
    public func stored(_ contents: LayerContents) -> [UInt8]? {
        guard !budget.isExceeded else { return nil }
        let bytes = contents.stored { ($0 as? FileReading)?.stored }
        return bytes.flatMap { $0.count <= Catalog.storedLimitInBytes ? $0 : nil }
    }

    /// What was kept of a layer, as if it had been read for this image; nil when it is not the form of this version, is damaged, or
    /// would be too much for the memory of the image.
    public func contents(stored bytes: [UInt8], limits: LayerLimits = LayerLimits()) -> LayerContents? {
        guard bytes.count <= Catalog.storedLimitInBytes else { return nil }
        let contents = LayerContents(stored: bytes, selector: self, limits: limits) { FileReading(stored: $0) }
        guard let contents, budget.take(contents.kept.reduce(0) { $0 &+ $1.chargedBytes }) else { return nil }
        return contents
    }
}

extension KeptFile {
    /// What ``ChargedReader`` charged for it.
    fileprivate var chargedBytes: Int {
        if case .reading(let value) = content, let reading = value as? FileReading {
            return reading.approximateSizeInBytes
        }
        return ReadingBudget.noteInBytes
    }
}
