import Foundation
import Logging
import Registries
import Sealing
import Storage
import Tenancy

/// One probe to make, by whoever holds the lease.
struct ProbeOrder: Sendable {
    let credential: CredentialID
    let organization: OrganizationID
    let reason: VerificationEvent.Reason
    let lease: UUID
    /// The token service that the user approved in place of the pinned one.
    var approvedRealm: String?

    init(claim: VerificationClaim, lease: UUID) {
        (credential, organization, reason) = (claim.credential, claim.organization, claim.reason)
        self.lease = lease
    }

    init(demand: ProbeDemand, lease: UUID) {
        (credential, organization, reason) = (demand.credential, demand.organization, .demand)
        (self.lease, approvedRealm) = (lease, demand.approvedRealm)
    }
}

extension Verifier {
    /// Makes one probe, keeps what it came to, and gives the lease back.
    func probe(_ order: ProbeOrder) async -> ProbeOutcome {
        flights.begin(order.credential)
        metrics.began()
        let outcome = await attempt(order)
        metrics.ended()
        flights.end(order.credential, outcome)
        return outcome
    }

    private func attempt(_ order: ProbeOrder) async -> ProbeOutcome {
        do {
            guard let target = try await target(of: order) else { return .gone }
            guard let (outcome, milliseconds) = try await ask(target, order) else {
                try await release(order)
                return .abandoned
            }
            let record = record(of: outcome, target, order)
            guard try await database.write({ try VerificationStore($0).record(record, lease: order.lease) }) else {
                // The version that is stored now was not probed: that is due at once.
                try await release(order, dueAt: clock.now())
                metrics.superseded()
                look()
                return .superseded
            }
            tell(outcome, target.credential, order, milliseconds)
            return .recorded
        } catch let error as SealingError {
            logger.warning(
                "credential not probed",
                metadata: ["credentialId": "\(order.credential)", "cause": "\(error)"]
            )
            await giveUp(order, dueAt: clock.now() + schedule.interval)
            return .unreadable
        } catch {
            logger.warning(
                "credential not probed",
                metadata: ["credentialId": "\(order.credential)", "cause": "\(error)"]
            )
            await giveUp(order, dueAt: clock.now() + VerificationSchedule.firstRetry)
            return .abandoned
        }
    }

    /// What is probed: the credential as it is stored now, its sealed secret, and what is known of it.
    private struct Target {
        let credential: Credential
        let sealed: SealedSecret
        let known: StoredVerification?
    }

    private func target(of order: ProbeOrder) async throws -> Target? {
        try await database.read { session in
            let store = CredentialStore(session)
            guard let credential = try store.find(order.credential, kind: nil, in: order.organization),
                let sealed = try store.sealedSecret(of: order.credential, in: order.organization)
            else { return nil }
            let known = try VerificationStore(session).find(order.credential, in: order.organization)
            return Target(credential: credential, sealed: sealed, known: known)
        }
    }

    /// Opens the secret and asks the registry. Nil when the server stops meanwhile.
    private func ask(_ target: Target, _ order: ProbeOrder) async throws -> (Verification, Int)? {
        let realm = order.approvedRealm ?? target.known?.pinnedRealm
        let opened = try sealer.open(target.credential, target.sealed, pinnedRealm: realm)
        let began = ContinuousClock.now
        guard let outcome = await outcome(of: opened, within: ProbeLimits.probe), !Task.isCancelled else {
            if Task.isCancelled { return nil }
            return (.givenUp(at: clock.now()), (ContinuousClock.now - began).milliseconds)
        }
        return (outcome, (ContinuousClock.now - began).milliseconds)
    }

    /// What the registry says of an opened credential, cleaned; nil when that takes longer than `limit`, or the task is
    /// cancelled.
    func outcome(of opened: OpenedCredential, within limit: Duration) async -> Verification? {
        let began = clock.now()
        let registry = registries.registry(of: opened.kind)
        let (stream, continuation) = AsyncStream.makeStream(of: Verification.self)
        // Unstructured: nobody waits for a probe that does not heed its cancellation.
        let probe = Task { continuation.yield(await registry.probe(opened)) }
        guard let outcome = await clock.first(of: stream, within: limit) else {
            probe.cancel()
            return nil
        }
        return VerificationText(opened, plainHTTPHosts: plainHTTPHosts).clean(outcome, began: began)
            .holding(realm: opened.pinnedRealm)
    }

    private func record(of outcome: Verification, _ target: Target, _ order: ProbeOrder) -> VerificationRecord {
        let credential = target.credential
        let before = target.known.map { $0.version == credential.version ? $0.failures : 0 } ?? 0
        let pinned = order.approvedRealm == nil ? target.known?.pinnedRealm : nil
        return record(of: outcome, credential, reason: order.reason, failuresBefore: before, pinnedRealm: pinned)
    }

    /// What an outcome leaves behind. A realm is pinned by the first probe that proves the secret there.
    func record(
        of outcome: Verification,
        _ credential: Credential,
        reason: VerificationEvent.Reason,
        failuresBefore: Int = 0,
        pinnedRealm: String? = nil
    ) -> VerificationRecord {
        let failures = VerificationSchedule.isFailure(outcome.state) ? failuresBefore + 1 : 0
        return VerificationRecord(
            credential: credential.id,
            version: credential.version,
            outcome: outcome,
            reason: reason,
            realmToPin: pinnedRealm == nil && outcome.state.provesSecret ? outcome.realm : nil,
            failures: failures,
            nextCheckAt: schedule.next(
                after: outcome.state,
                failures: failures,
                expiry: outcome.expiry.orElse(credential.expiresAt).at,
                now: clock.now(),
                jitter: clock.jitter()
            )
        )
    }

    /// Puts the next probe where the last one would have, had it known the end that counts now. One that is to come because the
    /// last failed, or because there was none yet, has nothing to do with an end.
    func moveProbe(of credential: Credential, _ session: any SQLSession) throws {
        let known = credential.verification
        guard let checkedAt = known.checkedAt, !VerificationSchedule.isFailure(known.state) else { return }
        let next = schedule.next(
            after: known.state,
            failures: 0,
            expiry: known.expiry.at,
            now: checkedAt,
            jitter: clock.jitter()
        )
        try VerificationStore(session).move(credential.id, to: next)
    }

    private func release(_ order: ProbeOrder, dueAt time: Date? = nil) async throws {
        try await database.write { session in
            try VerificationStore(session).release(order.credential, lease: order.lease, dueAt: time)
        }
    }

    private func giveUp(_ order: ProbeOrder, dueAt time: Date) async {
        do {
            try await release(order, dueAt: time)
        } catch {
            // The database is gone too; the lease runs out by itself.
            logger.debug("lease not given back", metadata: ["cause": "\(error)"])
        }
    }

    /// The log line of a probe: states, codes and ids, and none of the far side's words.
    func tell(_ outcome: Verification, _ credential: Credential, _ order: ProbeOrder?, _ milliseconds: Int) {
        metrics.finished(outcome.state, milliseconds: milliseconds)
        var metadata: Logger.Metadata = [
            "credentialId": .stringConvertible(credential.id),
            "organizationId": .stringConvertible(credential.organization),
            "registryType": .stringConvertible(credential.kind),
            "version": .stringConvertible(credential.version),
            "state": .string(outcome.state.rawValue),
            "reason": .string((order?.reason ?? .change).rawValue),
            "durationMilliseconds": .stringConvertible(milliseconds),
        ]
        if let code = outcome.failureCode { metadata["code"] = .string(code) }
        if order?.approvedRealm != nil { metadata["realmApproved"] = .string("true") }
        logger.info("credential probed", metadata: metadata)
    }
}

extension Verification {
    /// The code of the first step that failed.
    var failureCode: String? { steps.first { $0.outcome == .failed }?.code }

    /// The outcome of a probe that did not end in time.
    static func givenUp(at now: Date) -> Verification {
        Verification(
            state: .unreachable,
            steps: [
                Step(
                    name: .address,
                    outcome: .failed,
                    detail: "no outcome within \(ProbeLimits.probe.components.seconds) seconds",
                    code: RegistryError.Code.timeout.description
                )
            ],
            advice: "The registry answers too slowly; it is tried again by itself",
            checkedAt: now
        )
    }

    /// This outcome, unless it comes from another token service than the pinned one: such a one proves nothing.
    func holding(realm pinned: String?) -> Verification {
        guard let pinned, let realm, realm != pinned, state.provesSecret else { return self }
        var refused = self
        refused.state = .unreachable
        refused.rights = Rights()
        refused.steps = steps.map { step in
            guard step.name == .challenge else { return step }
            return Step(
                name: .challenge,
                outcome: .failed,
                detail: "names another token service than the pinned one",
                code: RegistryError.Code.realmChanged.description
            )
        }
        refused.advice = "The registry names another token service than before; approve it if that is right"
        return refused
    }
}

extension Verification.State {
    /// Whether the registry took the secret.
    var provesSecret: Bool { self == .verified || self == .excessive || self == .insufficient }
}

extension Duration {
    /// Whole milliseconds.
    var milliseconds: Int {
        let (seconds, rest) = components
        return Int(clamping: seconds) * 1000 + Int(rest / 1_000_000_000_000_000)
    }
}
