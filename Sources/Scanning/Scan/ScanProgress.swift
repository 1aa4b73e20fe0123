import Synchronization

/// How far a scan is; written by the scan, read by whoever shows it.
public final class ScanProgress: Sendable {
    /// What there is to show.
    public struct State: Sendable, Equatable {
        /// Layers that are done.
        public var layersDone = 0
        /// Layers of the image; 0 until it is found.
        public var layersTotal = 0
        /// Bytes of layers that came or were known, as stored.
        public var bytesDone: Int64 = 0
        /// Of these, bytes of layers that were known and did not have to come.
        public var bytesKnown: Int64 = 0
        /// Bytes of all layers, as stored.
        public var bytesTotal: Int64 = 0
    }

    private let value = Mutex(State())

    /// Nothing yet.
    public init() {}

    /// As it is now.
    public var state: State { value.withLock { $0 } }

    func begin(layers: Int, bytes: Int64) {
        value.withLock {
            $0.layersTotal = layers
            $0.bytesTotal = bytes
        }
    }

    func received(_ count: Int) {
        value.withLock { $0.bytesDone += Int64(count) }
    }

    func reused(_ count: Int64) {
        value.withLock {
            $0.bytesDone &+= count
            $0.bytesKnown &+= count
        }
    }

    func finishedLayer() {
        value.withLock { $0.layersDone += 1 }
    }
}
