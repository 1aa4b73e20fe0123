import Foundation
import Logging
import ServiceLifecycle
import Storage
import Synchronization
import Tenancy

/// Writes down when a key or a credential was last used, at most once a minute for each, and never in the way of a request.
final class UseRecorder<ID: Identifier>: Service {
    /// Writes that `id` was used at a time.
    typealias Touch = @Sendable (_ session: any SQLSession, _ id: ID, _ time: Date) throws -> Void

    private let database: any Database
    private let logger: Logger
    private let touch: Touch
    private let state = Mutex(State())

    private struct State {
        /// When each use was last written or put among the pending.
        var written: [ID: Date] = [:]
        var pending: [ID: Date] = [:]
    }

    init(database: any Database, logger: Logger, touch: @escaping Touch) {
        self.database = database
        self.logger = logger
        self.touch = touch
    }

    /// Notes that `id`, of which `lastUsedAt` is stored, is used now.
    func note(_ id: ID, lastUsedAt: Date?, at now: Date = Date()) {
        state.withLock { state in
            if let last = state.written[id] ?? lastUsedAt, now.timeIntervalSince(last) < useInterval { return }
            state.written[id] = now
            state.pending[id] = now
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
            state.written = state.written.filter { now.timeIntervalSince($0.value) < useInterval }
            return state.pending
        }
        guard !pending.isEmpty else { return }
        do {
            try await database.write { session in
                for (id, time) in pending { try self.touch(session, id, time) }
            }
        } catch {
            logger.warning("last uses not recorded", metadata: ["of": "\(ID.self)", "cause": "\(error)"])
        }
    }
}

/// Seconds between two writes for one key or credential.
private let useInterval: TimeInterval = 60
