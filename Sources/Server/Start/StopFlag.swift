import ServiceLifecycle
import Synchronization

/// Whether the server is stopping: `/readyz` says so while requests that run are finished.
final class StopFlag: Service {
    private let flag = Atomic<Bool>(false)

    var isSet: Bool { flag.load(ordering: .relaxed) }

    func run() async throws {
        try? await gracefulShutdown()  // Throws only when cancelled, which is a stop too.
        flag.store(true, ordering: .relaxed)
    }
}
