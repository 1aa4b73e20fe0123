import Dispatch
import Storage

/// Starts `tasks` writes while the database's writer is held up by a body that waits, so that all of them stand in its queue when
/// it goes on; returns their results in order. `whileHeld` is begun when all stand there.
///
/// The tasks run on a serial executor of their own: when a job that was put in behind all of them runs, each has come as far as
/// its write, without a sleep or a guess.
func withHeldWriter<Result: Sendable>(
    of database: SQLiteDatabase,
    tasks: Int,
    whileHeld: (@Sendable () async -> Void)? = nil,
    _ write: @escaping @Sendable (Int) async throws -> Result
) async throws -> [Swift.Result<Result, any Error>] {
    let executor = SerialTaskExecutor()
    let isHeld = DispatchSemaphore(value: 0)
    let goOn = DispatchSemaphore(value: 0)
    async let holder: Void = database.write { _ in
        isHeld.signal()
        goOn.wait()
    }
    await withCheckedContinuation { continuation in
        DispatchQueue.global().async {
            isHeld.wait()
            continuation.resume()
        }
    }
    let results = await withTaskGroup(of: (Int, Swift.Result<Result, any Error>).self) { group in
        for index in 0..<tasks {
            group.addTask(executorPreference: executor) {
                do {
                    return (index, .success(try await write(index)))
                } catch {
                    return (index, .failure(error))
                }
            }
        }
        executor.afterAllSoFar(rounds: 8) {
            guard let whileHeld else {
                goOn.signal()
                return
            }
            // Unstructured: it ends only after the writer goes on, which is the next thing on the same executor.
            Task(executorPreference: executor) { await whileHeld() }
            executor.afterAllSoFar(rounds: 8) { goOn.signal() }
        }
        var results: [Int: Swift.Result<Result, any Error>] = [:]
        for await (index, result) in group { results[index] = result }
        return (0..<tasks).compactMap { results[$0] }
    }
    try await holder
    return results
}

/// Runs the jobs of tasks one after another, in the order of their arrival.
private final class SerialTaskExecutor: TaskExecutor {
    private let queue = DispatchQueue(label: "pratique.tests.serial")

    func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        queue.async { job.runSynchronously(on: self.asUnownedTaskExecutor()) }
    }

    /// Runs `body` after every job that is here now, and after what those put in behind it, `rounds` times over.
    func afterAllSoFar(rounds: Int, _ body: @escaping @Sendable () -> Void) {
        queue.async {
            if rounds == 0 { body() } else { self.afterAllSoFar(rounds: rounds - 1, body) }
        }
    }
}
