import Foundation
import Logging
import ServiceLifecycle
import Storage

/// Forgets what has had its time: answers kept for repeated requests, and scans that ended long ago.
struct Housekeeping: Service {
    let database: any Database
    let retention: ScanRetention
    let logger: Logger

    func run() async throws {
        await cancelWhenGracefulShutdown {
            while !Task.isCancelled {
                await attempt("kept answers not cleared") {
                    try await database.write { session in try IdempotencyStore(session).deleteExpired(now: Date()) }
                }
                await attempt("old scans not deleted") {
                    let count = try await retention.apply(to: database, at: Date())
                    if count > 0 { logger.info("old scans deleted", metadata: ["scans": .stringConvertible(count)]) }
                }
                try? await Task.sleep(for: .seconds(600))  // Throws only when cancelled, which the loop sees itself.
            }
        }
    }

    private func attempt(_ message: Logger.Message, _ body: () async throws -> Void) async {
        do {
            try await body()
        } catch {
            if !Task.isCancelled { logger.warning(message, metadata: ["cause": "\(error)"]) }
        }
    }
}
