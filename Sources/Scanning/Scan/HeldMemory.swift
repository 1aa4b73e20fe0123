import Registries
import Synchronization

/// Room for the large files that layers hold while they are read side by side: lock files, databases, and of archives what they say of
/// themselves. A layer whose file grows large waits here until there is room for it.
///
/// Whoever has room goes on without another: a layer reads one file at a time, and gives its room back at the file's end. A wait ends
/// after ``patience`` all the same, with no room: a connection that broke may have to wait for those that wait here.
public final class HeldMemory: Sendable {
    private struct Waiter {
        let id: Int
        let bytes: Int
        let turn: CheckedContinuation<Bool, Never>
    }

    private struct State {
        var left: Int
        var waiters: [Waiter] = []
        var nextID = 0
    }

    /// What is held of a file before it has to wait; every layer may hold as much.
    static let smallInBytes = 4 << 20
    /// The largest of the usual files (``Inventory`` reads none whole that is larger), alone: with all the rest, a scan is to stay below
    /// 120 MB. A larger one gets all of it.
    static let usualRoomInBytes = 64 << 20
    /// As long as a registry is patient with somebody who does not read.
    static let patience = Duration.seconds(30)

    private let roomInBytes: Int
    private let sleep: @Sendable (Duration) async throws -> Void
    private let state: Mutex<State>

    init(roomInBytes: Int, sleep: @escaping @Sendable (Duration) async throws -> Void) {
        self.roomInBytes = roomInBytes
        self.sleep = sleep
        state = Mutex(State(left: roomInBytes))
    }

    /// All of it, for the scans of one process.
    public convenience init() {
        self.init(roomInBytes: HeldMemory.usualRoomInBytes) { try await CancellableSleep.sleep(for: $0) }
    }

    /// Waits for room for a file; returns what is to be given back, 0 when there is none.
    func take(_ bytes: Int) async -> Int {
        let wanted = min(max(bytes, 0), roomInBytes)
        let isGiven = await withTaskGroup(of: Bool.self) { group in
            group.addTask { await self.wait(for: wanted) }
            group.addTask {
                try? await self.sleep(HeldMemory.patience)  // Throws only when cancelled, and nobody waits then.
                return false
            }
            var isGiven = await group.next() ?? false
            group.cancelAll()
            for await isLater in group where isLater { isGiven = true }
            return isGiven
        }
        return isGiven ? wanted : 0
    }

    /// Gives back what ``take(_:)`` gave.
    func giveBack(_ bytes: Int) {
        let served = state.withLock { state in
            state.left += bytes
            var served: [Waiter] = []
            // In order, so that a large one is not passed by small ones for ever.
            while let first = state.waiters.first, first.bytes <= state.left {
                state.left -= first.bytes
                served.append(state.waiters.removeFirst())
            }
            return served
        }
        for waiter in served { waiter.turn.resume(returning: true) }
    }

    private func wait(for bytes: Int) async -> Bool {
        let id = state.withLock { state in
            state.nextID += 1
            return state.nextID
        }
        return await withTaskCancellationHandler {
            await withCheckedContinuation { turn in
                let answer = state.withLock { state -> Bool? in
                    if Task.isCancelled { return false }
                    guard state.waiters.isEmpty, bytes <= state.left else {
                        state.waiters.append(Waiter(id: id, bytes: bytes, turn: turn))
                        return nil
                    }
                    state.left -= bytes
                    return true
                }
                if let answer { turn.resume(returning: answer) }
            }
        } onCancel: {
            let waiter = state.withLock { state in
                state.waiters.firstIndex { $0.id == id }.map { state.waiters.remove(at: $0) }
            }
            waiter?.turn.resume(returning: false)
            // Who waited behind may fit where it did not.
            if waiter != nil { giveBack(0) }
        }
    }
}
