import AsyncHTTPClient
import NIOCore
import Synchronization

/// The body of an answer, piece by piece, as the server sent it: nothing is unpacked. It can be read once.
///
/// Reading throws ``RegistryError`` when the connection breaks, when the body is longer than the request's limit, and when it
/// is shorter than announced. The reader sets the pace.
public struct OutboundBody: AsyncSequence, Sendable {
    let body: HTTPClientResponse.Body
    let origin: OutboundOrigin
    let limit: BodyLimit
    let isCut: Bool
    let watch: BodyWatch?

    /// Reads it.
    public func makeAsyncIterator() -> Iterator {
        Iterator(body: self, source: body.makeAsyncIterator())
    }

    /// Reads it.
    public struct Iterator: AsyncIteratorProtocol {
        let body: OutboundBody
        var source: HTTPClientResponse.Body.AsyncIterator
        var received = 0
        var isAtEnd = false

        /// The next piece; nil at the end. Never empty.
        public mutating func next() async throws -> [UInt8]? {
            do {
                return try await nextPiece()
            } catch let fault as TransportFault {
                throw fault.error
            }
        }

        mutating func nextPiece() async throws -> [UInt8]? {
            while !isAtEnd {
                try Task.checkCancellation()
                body.watch?.waits(true)
                defer { body.watch?.waits(false) }
                var buffer: ByteBuffer?
                do {
                    buffer = try await source.next()
                } catch {
                    guard let fault = TransportFault(error, at: body.origin) else { throw CancellationError() }
                    throw fault
                }
                // A cancelled read may look like the end of the body.
                try Task.checkCancellation()
                guard var buffer else { break }
                let bytes = buffer.readBytes(length: buffer.readableBytes) ?? []
                guard !bytes.isEmpty else { continue }
                let room = body.limit.sizeInBytes - received
                received += bytes.count
                if bytes.count <= room { return bytes }
                isAtEnd = true
                guard body.isCut else { throw body.tooLarge }
                return room > 0 ? Array(bytes.prefix(room)) : nil
            }
            isAtEnd = true
            return nil
        }
    }

    var tooLarge: RegistryError {
        .misbehaved(origin, "sent more than \(limit.sizeInBytes) bytes, the limit for a \(limit.name)")
    }

    /// All of it.
    func collected() async throws -> [UInt8] {
        var iterator = makeAsyncIterator()
        var bytes: [UInt8] = []
        while let piece = try await iterator.nextPiece() { bytes += piece }
        return bytes
    }
}

/// Since when a reader waits for the next piece of a body.
final class BodyWatch: Sendable {
    private let since = Mutex<Duration?>(nil)
    private let time: OutboundTime

    init(time: OutboundTime) { self.time = time }

    func waits(_ isWaiting: Bool) { since.withLock { $0 = isWaiting ? time.now() : nil } }

    /// Returns by throwing: when a piece took longer than `limit`, within a quarter of it.
    func guardIdle(_ limit: Duration, _ origin: OutboundOrigin) async throws {
        while true {
            try await time.sleep(limit / 4)
            if let since = since.withLock({ $0 }), time.now() - since > limit {
                throw RegistryError.timeout(origin, "stopped sending in the middle of a body")
            }
        }
    }
}
