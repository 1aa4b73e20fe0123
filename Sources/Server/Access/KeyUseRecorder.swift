import Foundation
import Logging
import ServiceLifecycle
import Storage
import Synchronization
import Tenancy

/// Writes down when a key was last used, at most once a minute for each key, and never in the way of a request.
final class KeyUseRecorder: Service {
    /// Seconds between two writes for one key.
    static let interval: TimeInterval = 60

    private let database: any Database
    private let logger: Logger
    private let state = Mutex(State())

    private struct State {
        /// When each key's use was last written or put among the pending.
        var written: [APIKeyID: Date] = [:]
        var pending: [APIKeyID: Date] = [:]
    }

    init(database: any Database, logger: Logger) {
        self.database = database
        self.logger = logger
    }

    /// Notes that `key` is used now.
    func note(_ key: APIKey, at now: Date) {
        state.withLock { state in
            let last = state.written[key.id] ?? key.lastUsedAt
            if let last, now.timeIntervalSince(last) < KeyUseRecorder.interval { return }
            state.written[key.id] = now
            state.pending[key.id] = now
        }
    }

    func run() async throws {
        await cancelWhenGracefulShutdown {
            while !Task.isCancelled {
                try? await Task.sleep(for: .seconds(1))  // Throws only when cancelled, which the loop sees itself.
                await self.flush()
            }
        }
    }

    /// Writes what is pending.
    func flush(now: Date = Date()) async {
        let pending = state.withLock { state in
            defer { state.pending = [:] }
            state.written = state.written.filter { now.timeIntervalSince($0.value) < KeyUseRecorder.interval }
            return state.pending
        }
        guard !pending.isEmpty else { return }
        do {
            try await database.write { session in
                for (id, time) in pending { try APIKeyStore(session).touch(id, at: time) }
            }
        } catch {
            logger.warning("last use of API keys not recorded", metadata: ["cause": "\(error)"])
        }
    }
}
