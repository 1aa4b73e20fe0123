import Synchronization

/// How many bytes of a blob have come, over all of its connections.
final class StreamPosition: Sendable {
    private let value = Mutex<Int64>(0)

    var offset: Int64 { value.withLock { $0 } }

    func advance(by count: Int) { value.withLock { $0 += Int64(count) } }
}
