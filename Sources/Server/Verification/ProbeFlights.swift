import Storage
import Synchronization

/// The credentials that this process probes at the moment, and who waits for the outcome of which.
final class ProbeFlights: Sendable {
    private let waiters = Mutex<[CredentialID: [AsyncStream<ProbeOutcome>.Continuation]]>([:])

    /// A flight of `id` begins.
    func begin(_ id: CredentialID) {
        waiters.withLock { $0[id] = $0[id] ?? [] }
    }

    /// Waits with others for the flight of `id`; nil when there is none.
    func join(_ id: CredentialID) -> AsyncStream<ProbeOutcome>? {
        let (stream, continuation) = AsyncStream.makeStream(of: ProbeOutcome.self, bufferingPolicy: .bufferingNewest(1))
        return waiters.withLock { waiters in
            guard waiters[id] != nil else { return nil }
            waiters[id]?.append(continuation)
            return stream
        }
    }

    /// The flight of `id` ended; everybody who waits is told.
    func end(_ id: CredentialID, _ outcome: ProbeOutcome) {
        for continuation in waiters.withLock({ $0.removeValue(forKey: id) }) ?? [] {
            continuation.yield(outcome)
            continuation.finish()
        }
    }
}

/// What became of a probe.
enum ProbeOutcome: Sendable, Equatable {
    /// It was made, and its outcome is kept.
    case recorded
    /// The credential was rotated or deleted meanwhile; nothing is kept.
    case superseded
    /// There is no such credential any more.
    case gone
    /// Its secret cannot be opened with the root keys of this server.
    case unreadable
    /// Somebody else probes it.
    case elsewhere
    /// It was not made, or could not be kept: the server stops, or the database cannot be used.
    case abandoned
}
