import OCI
import Scanning
import Synchronization

/// What was kept of layers, in the memory of a test.
final class LayerMemory: Sendable {
    private let kept = Mutex<[Digest: [UInt8]]>([:])

    var contents: [Digest: [UInt8]] { kept.withLock { $0 } }

    /// Puts other bytes in the place of everything that is kept.
    func replace(_ change: ([UInt8]) -> [UInt8]) { kept.withLock { $0 = $0.mapValues(change) } }

    var layers: KnownLayers {
        KnownLayers { digest in
            self.kept.withLock { $0[digest] }
        } keep: { digest, bytes in
            self.kept.withLock { $0[digest] = bytes }
        }
    }
}
