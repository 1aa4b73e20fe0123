import Hummingbird
import NIOCore

/// Writes documents into an answer as fast as the reader takes them.
struct DocumentWriter: Sendable {
    /// As much as a connection takes before it wants to be waited for.
    private static let chunkInBytes = 64 * 1024

    private let end = ContinuousClock.now + DocumentRoom.longest

    /// The reader needed longer than ``DocumentRoom/longest``.
    struct TookTooLong: Error {}

    /// Returns when the reader has all but the last of it. Throws when the reader is gone, and ``TookTooLong``.
    func write(_ held: DocumentRoom.Held, to writer: inout any ResponseBodyWriter) async throws {
        try await held.eachChunk(of: Self.chunkInBytes) { chunk in
            guard ContinuousClock.now < end else { throw TookTooLong() }
            // A copy of its own: a part of the whole would keep the whole in memory until it is sent.
            try await writer.write(ByteBuffer(bytes: chunk))
        }
    }
}
