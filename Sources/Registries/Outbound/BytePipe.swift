import Synchronization

/// Hands pieces of bytes from one task to another. The reader sets the pace: one piece lies ready, and the writer waits with the next.
final class BytePipe: Sendable {
    private struct State {
        var ready: [UInt8]?
        var writer: (piece: [UInt8], go: CheckedContinuation<Void, any Error>)?
        var reader: CheckedContinuation<[UInt8]?, any Error>?
        var end: Result<Void, any Error>?
    }

    private let state = Mutex(State())

    /// Hands over `piece`. Throws `CancellationError`.
    func write(_ piece: [UInt8]) async throws {
        try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { (go: CheckedContinuation<Void, any Error>) in
                let (reader, isDone) = state.withLock { state -> (CheckedContinuation<[UInt8]?, any Error>?, Bool?) in
                    if Task.isCancelled { return (nil, nil) }
                    if let reader = state.reader {
                        state.reader = nil
                        return (reader, true)
                    }
                    if state.ready == nil {
                        state.ready = piece
                        return (nil, true)
                    }
                    state.writer = (piece, go)
                    return (nil, false)
                }
                reader?.resume(returning: piece)
                switch isDone {
                case nil: go.resume(throwing: CancellationError())
                case true?: go.resume()
                case false?: break
                }
            }
        } onCancel: {
            let writer = state.withLock { state in
                defer { state.writer = nil }
                return state.writer
            }
            writer?.go.resume(throwing: CancellationError())
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
        try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { (reader: CheckedContinuation<[UInt8]?, any Error>) in
                let (result, writer) = state.withLock {
                    state -> (Result<[UInt8]?, any Error>?, CheckedContinuation<Void, any Error>?) in
                    if Task.isCancelled { return (.failure(CancellationError()), nil) }
                    if let piece = state.ready {
                        let writer = state.writer
                        state.ready = writer?.piece
                        state.writer = nil
                        return (.success(piece), writer?.go)
                    }
                    if let end = state.end { return (end.map { nil }, nil) }
                    state.reader = reader
                    return (nil, nil)
                }
                writer?.resume()
                if let result { reader.resume(with: result) }
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
