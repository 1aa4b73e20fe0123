import HTTPTypes
import NIOCore
import Synchronization
import Tenancy

/// Makes documents, a few at once, and holds them until their readers have them, no more bytes of them than are good.
///
/// A document is made whole: it is as large as its image has packages and findings. A reader that takes none of it is cut off
/// (``StalledReaderHandler``), and one that takes it drop by drop after ``longest``.
final class DocumentRoom: Sendable {
    /// What finished documents may hold together, in bytes, when another is begun: tens of usual ones, a few of the largest. Those that
    /// are in the making come on top.
    static let limitInBytes = 64 << 20
    /// Documents for one key, and for one project: a pipeline that fetches those of several images at once.
    static let limitOfOne = 8
    /// Documents for all.
    static let limit = 64
    /// How long one answer may take: the bill of a project with hundreds of images over a slow line.
    static let longest = Duration.seconds(30 * 60)
    /// Documents that are made at once: each takes as much memory as the scan of its image did, and one core.
    static let width = 2

    private let limitInBytes: Int
    private let slots = AnswerSlots(limitOfOne: limitOfOne, limit: limit, refusal: .tooManyDocuments)
    private let makers = Turnstile(width: width)
    private let state = Mutex(State())

    private struct State {
        var bytes = 0
        var waiting: [CheckedContinuation<Void, Never>] = []
    }

    init(limitInBytes: Int = DocumentRoom.limitInBytes) { self.limitInBytes = limitInBytes }

    /// Finished bytes on their way to a reader; they count until this goes.
    final class Held: Sendable {
        private let bytes: [UInt8]
        private let room: DocumentRoom

        fileprivate init(_ bytes: [UInt8], in room: DocumentRoom) {
            (self.bytes, self.room) = (bytes, room)
            room.add(bytes.count)
        }

        deinit { room.add(-bytes.count) }

        /// How many they are.
        var count: Int { bytes.count }

        /// Gives them in pieces of `size` bytes, the last of which may be smaller.
        func eachChunk(of size: Int, _ body: (ArraySlice<UInt8>) async throws -> Void) async rethrows {
            for start in stride(from: 0, to: bytes.count, by: size) {
                try await body(bytes[start..<min(start + size, bytes.count)])
            }
        }
    }

    /// What finished documents hold, in bytes.
    var heldInBytes: Int { state.withLock { $0.bytes } }

    /// A place for an answer with documents. Throws 429 when there is none.
    func enter(_ key: APIKeyID, _ project: ProjectID) throws(APIError) -> AnswerSlots.Slot {
        try slots.take(key, project)
    }

    /// Makes a document when it is its turn. Throws 429 when finished ones hold too much, and what `make` throws.
    func make<Value: Sendable>(
        _ make: @Sendable () async throws -> (Value, bytes: [UInt8])
    ) async throws -> (Value, Held) {
        try await makers.pass { () async throws -> (Value, Held) in
            guard !isFull else { throw APIError.tooManyDocuments }
            let (value, bytes) = try await make()
            return (value, Held(bytes, in: self))
        }
    }

    /// Makes a part of a document whose answer has begun: it waits where ``make(_:)`` throws.
    func makePart<Value: Sendable>(
        _ make: @Sendable () async throws -> (Value, bytes: [UInt8])
    ) async throws -> (Value, Held) {
        while true {
            await waitUntilFree()
            // Another may have been quicker.
            let made = try await makers.pass { () async throws -> (Value, Held)? in
                guard !isFull else { return nil }
                let (value, bytes) = try await make()
                return (value, Held(bytes, in: self))
            }
            if let made { return made }
        }
    }

    private var isFull: Bool { state.withLock { $0.bytes >= limitInBytes } }

    private func waitUntilFree() async {
        await withCheckedContinuation { continuation in
            let isFree = state.withLock { state in
                if state.bytes < limitInBytes { return true }
                state.waiting.append(continuation)
                return false
            }
            if isFree { continuation.resume() }
        }
    }

    private func add(_ count: Int) {
        let free = state.withLock { state -> [CheckedContinuation<Void, Never>] in
            state.bytes += count
            guard state.bytes < limitInBytes else { return [] }
            defer { state.waiting = [] }
            return state.waiting
        }
        for waiting in free { waiting.resume() }
    }
}

extension APIError {
    fileprivate static let tooManyDocuments = APIError(
        status: .tooManyRequests,
        code: .tooManyDocuments,
        message: "too many documents are on their way to this key, from this project or from this server",
        hint: "Read to the end what was asked for, and ask again",
        retryAfter: 5
    )
}
