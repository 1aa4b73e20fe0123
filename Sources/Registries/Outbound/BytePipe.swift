import Synchronization

/// Hands pieces of bytes from one task to another: one writer, one reader. Some lie ready, so that neither waits for every step of
/// the other; beyond ``readyInBytes`` the writer waits.
final class BytePipe: Sendable {
    /// Pieces lie ready up to this many bytes, and one piece more: about what a network brings while a core inflates as much.
    static let readyInBytes = 1 << 20

    private struct State {
        var ready: [[UInt8]] = []
        var sizeInBytes = 0
        var writer: CheckedContinuation<Void, any Error>?
        var reader: CheckedContinuation<[UInt8]?, any Error>?
        var end: Result<Void, any Error>?

        var isFull: Bool { sizeInBytes > BytePipe.readyInBytes }

        /// What the reader gets without waiting, and the writer that has room again.
        mutating func next() -> (answer: Result<[UInt8]?, any Error>?, writer: CheckedContinuation<Void, any Error>?) {
            guard !ready.isEmpty else { return (end?.map { nil }, nil) }
            let piece = ready.removeFirst()
            sizeInBytes -= piece.count
            // Half of the room is free before the writer goes on: it then brings many pieces at once.
            guard sizeInBytes <= BytePipe.readyInBytes / 2 else { return (.success(piece), nil) }
            defer { writer = nil }
            return (.success(piece), writer)
        }
    }

    private let state = Mutex(State())

    /// Hands over `piece`. Throws `CancellationError`.
    func write(_ piece: [UInt8]) async throws {
        try Task.checkCancellation()
        let (reader, isFull) = state.withLock { state -> (CheckedContinuation<[UInt8]?, any Error>?, Bool) in
            if let reader = state.reader {
                state.reader = nil
                return (reader, false)
            }
            state.ready.append(piece)
            state.sizeInBytes += piece.count
            return (nil, state.isFull)
        }
        reader?.resume(returning: piece)
        if isFull { try await waitForRoom() }
    }

    private func waitForRoom() async throws {
        try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { (writer: CheckedContinuation<Void, any Error>) in
                let answer = state.withLock { state -> Result<Void, any Error>? in
                    if Task.isCancelled { return .failure(CancellationError()) }
                    guard state.isFull else { return .success(()) }
                    state.writer = writer
                    return nil
                }
                if let answer { writer.resume(with: answer) }
            }
        } onCancel: {
            let writer = state.withLock { state in
                defer { state.writer = nil }
                return state.writer
            }
            writer?.resume(throwing: CancellationError())
        }
    }

    /// Says that nothing more comes, or why. What was written before is still read.
    func finish(_ end: Result<Void, any Error>) {
        let reader = state.withLock { state in
            state.end = end
            defer { state.reader = nil }
            return state.reader
        }
        reader?.resume(with: end.map { nil })
    }

    /// The next piece; nil at the end. Throws what the writer ended with, or `CancellationError`.
    func read() async throws -> [UInt8]? {
        try Task.checkCancellation()
        let (answer, writer) = state.withLock { $0.next() }
        writer?.resume()
        guard let answer else { return try await waitForPiece() }
        return try answer.get()
    }

    private func waitForPiece() async throws -> [UInt8]? {
        try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { (reader: CheckedContinuation<[UInt8]?, any Error>) in
                let (answer, writer) = state.withLock {
                    state -> (Result<[UInt8]?, any Error>?, CheckedContinuation<Void, any Error>?) in
                    if Task.isCancelled { return (.failure(CancellationError()), nil) }
                    let next = state.next()
                    if next.answer == nil { state.reader = reader }
                    return next
                }
                writer?.resume()
                if let answer { reader.resume(with: answer) }
            }
        } onCancel: {
            let reader = state.withLock { state in
                defer { state.reader = nil }
                return state.reader
            }
            reader?.resume(throwing: CancellationError())
        }
    }
}
