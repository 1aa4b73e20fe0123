import Foundation
import Logging
import ServiceLifecycle
import Storage

/// Forgets what has had its time: answers kept for repeated requests. Keeps the numbers of findings of each day.
struct Housekeeping: Service {
    let database: any Database
    let logger: Logger

    func run() async throws {
        await cancelWhenGracefulShutdown {
            while !Task.isCancelled {
                do {
                    try await database.write { session in try IdempotencyStore(session).deleteExpired(now: Date()) }
                } catch {
                    logger.warning("kept answers not cleared", metadata: ["cause": "\(error)"])
                }
                do {
                    try await keepNumbers(of: Day(Date()))
                } catch {
                    logger.warning("numbers of findings not kept", metadata: ["cause": "\(error)"])
                }
                try? await Task.sleep(for: .seconds(600))  // Throws only when cancelled, which the loop sees itself.
            }
        }
    }

    /// Counts on a snapshot, so that nobody's write waits for it, and writes what differs.
    private func keepNumbers(of day: Day) async throws {
        let changes = try await database.read { try OverviewStore($0).changes() }
        guard !changes.isEmpty else { return }
        try await database.write { try OverviewStore($0).write(changes, on: day) }
    }
}
