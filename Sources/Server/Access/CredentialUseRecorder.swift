import Foundation
import Logging
import ServiceLifecycle
import Storage
import Synchronization

/// Writes down when a credential was last used for somebody, at most once a minute for each, and never in the way of a request.
final class CredentialUseRecorder: Service {
    /// Seconds between two writes for one credential.
    static let interval: TimeInterval = 60

    private let database: any Database
    private let logger: Logger
    private let state = Mutex(State())

    private struct State {
        /// When each credential's use was last written or put among the pending.
        var written: [CredentialID: Date] = [:]
        var pending: [CredentialID: Date] = [:]
    }

    init(database: any Database, logger: Logger) {
        self.database = database
        self.logger = logger
    }

    /// Notes that `credential` is used now.
    func note(_ credential: Credential, at now: Date = Date()) {
        state.withLock { state in
            let last = state.written[credential.id] ?? credential.lastUsedAt
            if let last, now.timeIntervalSince(last) < CredentialUseRecorder.interval { return }
            state.written[credential.id] = now
            state.pending[credential.id] = now
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
            state.written = state.written.filter {
                now.timeIntervalSince($0.value) < CredentialUseRecorder.interval
            }
            return state.pending
        }
        guard !pending.isEmpty else { return }
        do {
            try await database.write { session in
                for (id, time) in pending { try CredentialStore(session).touch(id, at: time) }
            }
        } catch {
            logger.warning("last use of credentials not recorded", metadata: ["cause": "\(error)"])
        }
    }
}
