import Foundation
import Logging
import ServiceLifecycle
import Storage

/// Forgets what has had its time: answers kept for repeated requests.
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
                try? await Task.sleep(for: .seconds(600))  // Throws only when cancelled, which the loop sees itself.
            }
        }
    }
}
