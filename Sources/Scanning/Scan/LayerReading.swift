import Layers
import OCI
import Synchronization

/// One layer on its way from a source to its reader. Whoever brings the bytes writes them here, in order.
public final class LayerReading: Sendable {
    private struct State: ~Copyable {
        var reader: LayerReader
        /// What is not waited for any more, though more would come.
        var givenUp: LayerIncompleteness?
        /// What ``HeldMemory`` gave for the file that passes now; nil when nothing was asked of it.
        var room: Int?
    }

    // Only one task writes at a time; the lock costs nothing then and spares an unchecked promise.
    private let state: Mutex<State>
    private let digest: Digest?
    private let relay: BlobRelay?
    private let progress: ScanProgress
    private let memory: HeldMemory

    init(
        expecting expectation: LayerExpectation,
        selector: any FileSelector,
        limits: LayerLimits,
        progress: ScanProgress,
        memory: HeldMemory
    ) {
        self.memory = memory
        digest = expectation.digest
        relay = digest.map { BlobRelay($0.algorithm) }
        // The blob is hashed beside the reader.
        var rest = expectation
        rest.digest = nil
        state = Mutex(State(reader: LayerReader(expecting: rest, selector: selector, limits: limits)))
        self.progress = progress
    }

    deinit { giveRoomBack() }

    /// The next bytes, as stored, of any size. False once nothing more is wanted.
    @discardableResult
    public func write(_ piece: [UInt8]) async -> Bool {
        progress.received(piece.count)
        await relay?.write(piece)
        await makeRoom()
        return state.withLock { (state: inout sending State) in
            if piece.withUnsafeBytes({ state.reader.write($0) }) { return true }
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

    /// Waits when much is held of a file already.
    private func makeRoom() async {
        let held = state.withLock { $0.reader.held }
        guard held.bytes > HeldMemory.smallInBytes else { return giveRoomBack() }
        guard state.withLock({ $0.room == nil }) else { return }
        let room = await memory.take(max(held.bytes, Int(clamping: held.ofBytes)))
        state.withLock { $0.room = room }
    }

    private func giveRoomBack() {
        let room = state.withLock { (state: inout sending State) in
            let room = state.room
            state.room = nil
            return room
        }
        if let room, room > 0 { memory.giveBack(room) }
    }

    /// The blob ended, or nothing more of it was wanted. Throws ``LayerError`` when it is not the one that was expected.
    func finish() async throws(LayerError) -> LayerContents {
        let hashed = await relay?.finish()
        defer { giveRoomBack() }
        return try state.withLock { (state: inout sending State) throws(LayerError) in
            if let reason = state.givenUp { return state.reader.giveUp(reason) }
            let contents = try state.reader.finish()
            if let digest, let hashed, hashed != digest {
                throw .digest(expected: digest, actual: hashed, of: "the blob")
            }
            return contents
        }
    }
}
