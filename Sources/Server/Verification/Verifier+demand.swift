import Foundation
import HTTPTypes
import Logging
import Registries
import Storage
import Tenancy

/// Somebody asks for a probe of a stored credential.
struct ProbeDemand: Sendable {
    let credential: CredentialID
    let organization: OrganizationID
    /// The token service to pin in place of the one that is pinned.
    let approvedRealm: String?
    private let continuation: AsyncStream<ProbeOutcome>.Continuation
    /// What became of it, once.
    let outcomes: AsyncStream<ProbeOutcome>

    init(_ credential: Credential, approvedRealm: String?) {
        (self.credential, organization) = (credential.id, credential.organization)
        self.approvedRealm = approvedRealm
        (outcomes, continuation) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(1))
    }

    func answer(_ outcome: ProbeOutcome) {
        continuation.yield(outcome)
        continuation.finish()
    }
}

extension Verifier {
    /// Probes a stored credential because somebody asks, and waits at most ``ProbeLimits/wait``; nil when that was not enough.
    /// The probe goes on then.
    func verify(_ credential: Credential, approvedRealm: String?) async throws(APIError) -> ProbeOutcome? {
        let demand = ProbeDemand(credential, approvedRealm: approvedRealm)
        guard ask(demand) else { throw .tooManyProbes }
        return await clock.first(of: demand.outcomes, within: ProbeLimits.wait)
    }

    /// Probes a secret that is not stored yet. Nil when there was no outcome within ``ProbeLimits/wait``.
    func verifyBeforeStoring(_ opened: OpenedCredential, _ credential: Credential) async throws -> Verification? {
        guard takePlace() else { throw APIError.tooManyProbes }
        defer { leavePlace() }
        metrics.began()
        let began = ContinuousClock.now
        let outcome = await outcome(of: opened, within: ProbeLimits.wait)
        metrics.ended()
        try Task.checkCancellation()
        if let outcome { tell(outcome, credential, nil, (ContinuousClock.now - began).milliseconds) }
        return outcome
    }

    /// Meets one demand. A probe of the same credential that runs is waited for instead of a second one, unless that one does
    /// not know what was approved.
    func meet(_ demand: ProbeDemand) async -> ProbeOutcome {
        var patience = ProbeLimits.looksForFlight
        while !Task.isCancelled {
            let lease = UUID()
            do {
                if try await self.lease(demand, lease) { return await probe(ProbeOrder(demand: demand, lease: lease)) }
            } catch {
                logger.warning("credential not probed", metadata: ["cause": "\(error)"])
                return .abandoned
            }
            if let running = flights.join(demand.credential) {
                guard let outcome = await running.first(where: { _ in true }) else { return .abandoned }
                if demand.approvedRealm == nil, outcome != .superseded { return outcome }
            } else {
                // Another node has it, or a probe of ours that begins or ends at this moment.
                guard patience > 0 else { return .elsewhere }
                patience -= 1
                try? await clock.sleep(ProbeLimits.pause)  // Throws only when cancelled, which the loop sees itself.
            }
        }
        return .abandoned
    }

    private func lease(_ demand: ProbeDemand, _ lease: UUID) async throws -> Bool {
        let now = clock.now()
        return try await database.write { session in
            let store = VerificationStore(session)
            try store.schedule(demand.credential, at: now)
            return try store.claim(demand.credential, lease: lease, until: now + ProbeLimits.lease, now: now)
        }
    }
}

extension APIError {
    static let tooManyProbes = APIError(
        status: .serviceUnavailable,
        code: .overloaded,
        message: "too many credentials are being verified; nothing was changed",
        retryAfter: 5
    )
}
