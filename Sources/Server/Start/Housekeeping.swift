import Foundation
import Logging
import ServiceLifecycle
import Storage

/// Forgets what has had its time: answers kept for repeated requests, scans that ended long ago, and the numbers of findings of
/// days long past. Keeps those of each day.
struct Housekeeping: Service {
    let database: any Database
    let scans: ScanRetention
    let overview: OverviewRetention
    let logger: Logger

    func run() async throws {
        await cancelWhenGracefulShutdown {
            while !Task.isCancelled {
                await attempt("kept answers not cleared") {
                    try await database.write { session in try IdempotencyStore(session).deleteExpired(now: Date()) }
                }
                await attempt("old scans not deleted") {
                    let count = try await scans.apply(to: database, at: Date())
                    if count > 0 { logger.info("old scans deleted", metadata: ["scans": .stringConvertible(count)]) }
                }
                await attempt("numbers of findings not kept") { try await keepNumbers(of: Day(Date())) }
                await attempt("old numbers of findings not deleted") {
                    let count = try await overview.apply(to: database, on: Day(Date()))
                    if count > 0 {
                        logger.info("old numbers of findings deleted", metadata: ["days": .stringConvertible(count)])
                    }
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

    private func attempt(_ message: Logger.Message, _ body: () async throws -> Void) async {
        do {
            try await body()
        } catch {
            if !Task.isCancelled { logger.warning(message, metadata: ["cause": "\(error)"]) }
        }
    }
}
