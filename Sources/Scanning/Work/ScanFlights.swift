import OCI
import Synchronization

/// Scans of one image at a time: who comes while another reads the same manifest waits for it, and finds its layers known.
final class ScanFlights: Sendable {
    struct Key: Hashable {
        /// Whose layers are known to whom.
        let scope: String
        let manifest: Digest
    }

    private let waiting = Mutex<[Key: [AsyncStream<Void>.Continuation]]>([:])

    /// Runs `body` when nobody else does for `key`. Throws what it throws, and `CancellationError`.
    func run<Result: Sendable>(_ key: Key, _ body: () async throws -> Result) async throws -> Result {
        while let end = join(key) {
            for await _ in end {}
            try Task.checkCancellation()
        }
        defer { leave(key) }
        return try await body()
    }

    private func join(_ key: Key) -> AsyncStream<Void>? {
        waiting.withLock { waiting in
            guard waiting[key] != nil else {
                waiting[key] = []
                return nil
            }
            let (stream, continuation) = AsyncStream.makeStream(of: Void.self)
            waiting[key]?.append(continuation)
            return stream
        }
    }

    private func leave(_ key: Key) {
        let ended = waiting.withLock { $0.removeValue(forKey: key) ?? [] }
        for continuation in ended { continuation.finish() }
    }
}
