import NIOCore
import NIOPosix

/// Waiting that leaves nothing behind when it is broken off.
///
/// `Task.sleep` keeps a cancelled task with its timer until its time would have come, 700 bytes for each. A deadline is nearly always
/// broken off, and a service sets a thousand in a second: they were 60 MB.
public enum CancellableSleep {
    /// Waits. Throws `CancellationError` when the task is cancelled.
    public static func sleep(for duration: Duration) async throws {
        try Task.checkCancellation()
        let timer = MultiThreadedEventLoopGroup.singleton.any().scheduleTask(in: TimeAmount(duration)) {}
        do {
            try await withTaskCancellationHandler {
                try await timer.futureResult.get()
            } onCancel: {
                timer.cancel()
            }
        } catch {
            // What else ends a timer is the end of its loop, which ends the waiting too.
            throw CancellationError()
        }
    }
}
