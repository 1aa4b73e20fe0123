import Layers
import Synchronization

/// One layer on its way from a source to its reader. Whoever brings the bytes writes them here, in order.
public final class LayerReading: Sendable {
    private struct State: ~Copyable {
        var reader: LayerReader
        /// What is not waited for any more, though more would come.
        var givenUp: LayerIncompleteness?
    }

    // Only one task writes at a time; the lock costs nothing then and spares an unchecked promise.
    private let state: Mutex<State>
    private let progress: ScanProgress

    init(_ reader: consuming sending LayerReader, progress: ScanProgress) {
        state = Mutex(State(reader: reader))
        self.progress = progress
    }

    /// The next bytes, as stored, of any size. False once nothing more is wanted.
    @discardableResult
    public func write(_ bytes: UnsafeRawBufferPointer) -> Bool {
        progress.received(bytes.count)
        return state.withLock { (state: inout sending State) in
            if state.reader.write(bytes) { return true }
            switch state.reader.incompleteness {
            // What is over a limit stays over it: nothing that follows is worth its bytes.
            case .limit(let limit): state.givenUp = .limit(limit)
            // More than was announced: the blob is not the one that was asked for, which the end tells.
            case .notRead, nil: break
            // Whether it was damaged on the way or when it was made is told by its digest, so all of it must come.
            case .truncated, .damagedCompression, .damagedArchive: return true
            }
            return false
        }
    }

    func finish() throws(LayerError) -> LayerContents {
        try state.withLock { (state: inout sending State) throws(LayerError) in
            if let reason = state.givenUp { return state.reader.giveUp(reason) }
            return try state.reader.finish()
        }
    }
}
