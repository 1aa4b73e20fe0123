import OCI
import Storage
import Synchronization

/// Scans of one image at a time: who comes while another reads the same manifest goes back into the queue until that one has ended, and
/// finds its layers known then.
final class ScanFlights: Sendable {
    struct Key: Hashable, Sendable {
        /// Whose layers are known to whom.
        let scope: String
        let manifest: Digest
    }

    private let waiting = Mutex<[Key: [ScanID]]>([:])

    /// False when somebody else reads it.
    func begin(_ key: Key) -> Bool {
        waiting.withLock { waiting in
            guard waiting[key] == nil else { return false }
            waiting[key] = []
            return true
        }
    }

    /// Notes that a scan waits for the end; false when it has come already.
    func wait(_ scan: ScanID, for key: Key) -> Bool {
        waiting.withLock { waiting in
            guard waiting[key] != nil else { return false }
            waiting[key]?.append(scan)
            return true
        }
    }

    /// Ends it, however it went. Gives the scans that wait for that.
    func end(_ key: Key) -> [ScanID] { waiting.withLock { $0.removeValue(forKey: key) ?? [] } }
}
