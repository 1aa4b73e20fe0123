import Layers
import Synchronization

/// One layer on its way from a source to its reader. Whoever brings the bytes writes them here, in order.
public final class LayerReading: Sendable {
    // Only one task writes at a time; the lock costs nothing then and spares an unchecked promise.
    private let reader: Mutex<LayerReader>
    private let progress: ScanProgress

    init(_ reader: consuming sending LayerReader, progress: ScanProgress) {
        self.reader = Mutex(reader)
        self.progress = progress
    }

    /// The next bytes, as stored, of any size. False once nothing more is wanted.
    @discardableResult
    public func write(_ bytes: UnsafeRawBufferPointer) -> Bool {
        progress.received(bytes.count)
        return reader.withLock { $0.write(bytes) }
    }

    func finish() throws(LayerError) -> LayerContents {
        try reader.withLock { (reader: inout sending LayerReader) throws(LayerError) in try reader.finish() }
    }
}
