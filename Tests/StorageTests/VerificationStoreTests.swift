import Foundation
import Registries
import Storage
import Tenancy
import TestSupport
import Testing

/// What probing came to, and what is due. Source: issue 3, item 3.
@Suite struct VerificationStoreTests {
    private let soon = Date.sample + 60
    private let later = Date.sample + 3600

    private func withCredential(
        _ body: (World, VerificationStore, Credential, any SQLSession) throws -> Void
    ) async throws {
        let world = try World()
        try await withTemporarySession { session in
            try world.store(in: session)
            let credential = try world.storeCredential(of: world.home, in: session)
            try body(world, VerificationStore(session), credential, session)
        }
    }

    @Test func whatWasNeverProbedIsUnverified() async throws {
        try await withCredential { _, store, credential, session in
            #expect(try store.find(credential.id, in: credential.organization) == nil)
            #expect(try store.history(of: credential.id, in: credential.organization).isEmpty)
            let read = try CredentialStore(session).find(credential.id, kind: nil, in: credential.organization)
            #expect(read?.verification == VerificationSummary())
        }
    }

    @Test func anOutcomeIsKeptWholeAndShownInTheSummary() async throws {
        try await withCredential { world, store, credential, session in
            let lease = try store.lease(credential.id)
            let outcome = Verification.sample(.excessive, expiresAt: later)
            #expect(try store.record(.sample(credential, outcome, realm: "https://auth.example"), lease: lease))
            let found = try #require(try store.find(credential.id, in: credential.organization))
            #expect(found.outcome == outcome && found.version == 1 && found.pinnedRealm == "https://auth.example")
            #expect(found.nextCheckAt == .sample + 86_400)
            for read in try CredentialStore(session).everyRead(of: credential, world) {
                #expect(read.verification.state == .excessive && read.verification.checkedAt == .sample)
                #expect(read.verification.expiry == Verification.Expiry(at: later, source: .registry))
            }
        }
    }

    @Test func anotherTenantSeesNothingOfIt() async throws {
        try await withCredential { world, store, credential, _ in
            let lease = try store.lease(credential.id)
            #expect(try store.record(.sample(credential, .sample(.verified), realm: "https://a.example"), lease: lease))
            let away = world.away.organization.id
            #expect(try store.find(credential.id, in: away) == nil)
            #expect(try store.history(of: credential.id, in: away).isEmpty)
            #expect(try store.pinnedRealm(of: credential.id, in: away) == nil)
            #expect(try store.pinnedRealm(of: credential.id, in: credential.organization) == "https://a.example")
        }
    }

    /// The version that the probe opened is no longer the stored one.
    @Test func aProbeThatOutlivesARotationWritesNothing() async throws {
        try await withCredential { world, store, credential, session in
            let lease = try store.lease(credential.id)
            var next = credential
            next.version = 2
            #expect(try CredentialStore(session).replaceSecret(of: next, with: world.seal("two", for: next)))
            #expect(try !store.record(.sample(credential, .sample(.rejected)), lease: lease))
            #expect(try store.history(of: credential.id, in: credential.organization).isEmpty)
            #expect(try store.find(credential.id, in: credential.organization)?.outcome == nil)
        }
    }

    @Test func whatWasLearnedOfAnOlderVersionIsNotShownForTheNewOne() async throws {
        try await withCredential { world, store, credential, session in
            #expect(try store.record(.sample(credential, .sample(.verified)), lease: store.lease(credential.id)))
            var next = credential
            (next.version, next.expiresAt) = (2, later)
            #expect(try CredentialStore(session).replaceSecret(of: next, with: world.seal("two", for: next)))
            let read = try CredentialStore(session).find(credential.id, kind: nil, in: credential.organization)
            let user = Verification.Expiry(at: later, source: .user)
            #expect(read?.verification == VerificationSummary(state: .unverified, checkedAt: nil, expiry: user))
        }
    }

    @Test func theRegistrysExpiryGoesBeforeTheUsers() async throws {
        try await withCredential { _, store, credential, session in
            var changed = credential
            changed.expiresAt = soon
            try CredentialStore(session).update(changed)
            let outcome = Verification.sample(.verified, expiresAt: later)
            #expect(try store.record(.sample(credential, outcome), lease: store.lease(credential.id)))
            let read = try CredentialStore(session).find(credential.id, kind: nil, in: credential.organization)
            #expect(read?.expiresAt == soon)
            #expect(read?.verification.expiry == Verification.Expiry(at: later, source: .registry))
            // A registry that knows no end leaves the user's.
            #expect(try store.record(.sample(credential, .sample(.verified)), lease: store.lease(credential.id)))
            let again = try CredentialStore(session).find(credential.id, kind: nil, in: credential.organization)
            #expect(again?.verification.expiry == Verification.Expiry(at: soon, source: .user))
        }
    }

    @Test func aClaimIsHeldByOneUntilItsLeaseRunsOut() async throws {
        try await withCredential { _, store, credential, _ in
            try store.schedule(credential.id, at: .sample)
            let (one, two) = (UUID(), UUID())
            let first = try store.claim(limit: 10, lease: one, until: soon, now: .sample)
            #expect(
                first == [
                    VerificationClaim(
                        credential: credential.id,
                        organization: credential.organization,
                        reason: .change
                    )
                ]
            )
            #expect(try store.claim(limit: 10, lease: two, until: later, now: .sample).isEmpty)
            #expect(try !store.claim(credential.id, lease: two, until: later, now: .sample))
            #expect(try !store.hasDue(at: .sample))
            #expect(try store.claim(limit: 10, lease: two, until: later, now: soon).count == 1)
            #expect(try !store.record(.sample(credential, .sample(.verified)), lease: one), "the lease was lost")
            #expect(try store.record(.sample(credential, .sample(.verified)), lease: two))
        }
    }

    @Test func aReleasedClaimIsDueAgain() async throws {
        try await withCredential { _, store, credential, _ in
            try store.schedule(credential.id, at: .sample)
            let lease = UUID()
            _ = try store.claim(limit: 1, lease: lease, until: later, now: .sample)
            try store.release(credential.id, lease: UUID())
            #expect(try !store.hasDue(at: .sample), "somebody else's lease is not given back")
            try store.release(credential.id, lease: lease)
            #expect(try store.hasDue(at: .sample))
            _ = try store.claim(limit: 1, lease: lease, until: later, now: .sample)
            try store.release(credential.id, lease: lease, dueAt: soon)
            #expect(try !store.hasDue(at: .sample))
            #expect(try store.hasDue(at: soon))
        }
    }

    @Test func schedulingNeverPutsAProbeOffAndKnowsNoUnknownIDs() async throws {
        try await withCredential { _, store, credential, _ in
            try store.schedule(credential.id, at: .sample)
            try store.schedule(credential.id, at: later)
            #expect(try store.hasDue(at: .sample))
            try store.schedule(CredentialID(), at: .sample)
            #expect(try store.hasDue(at: later))
        }
    }

    @Test func aVersionThatWasProbedIsNotMadeDueAgain() async throws {
        try await withCredential { world, store, credential, session in
            #expect(try store.record(.sample(credential, .sample(.rejected)), lease: store.lease(credential.id)))
            try store.schedule(credential.id, at: .sample)
            #expect(try !store.hasDue(at: later))
            var next = credential
            next.version = 2
            #expect(try CredentialStore(session).replaceSecret(of: next, with: world.seal("two", for: next)))
            try store.schedule(credential.id, at: .sample)
            #expect(try store.hasDue(at: .sample))
        }
    }

    /// A crash right after a store or a rotation loses the wake-up, and not the probe.
    @Test func whatWasForgottenIsFound() async throws {
        try await withCredential { world, store, credential, session in
            #expect(try store.forgotten(at: .sample, limit: 10).found == [credential.id])
            try store.schedule(credential.id, at: .sample)
            #expect(try store.forgotten(at: .sample, limit: 10).found.isEmpty)
            #expect(try store.record(.sample(credential, .sample(.verified)), lease: store.lease(credential.id)))
            #expect(try store.forgotten(at: .sample, limit: 10).found.isEmpty)
            var next = credential
            next.version = 2
            #expect(try CredentialStore(session).replaceSecret(of: next, with: world.seal("two", for: next)))
            #expect(try store.forgotten(at: .sample, limit: 10).found == [credential.id])
            try store.schedule(credential.id, at: .sample)
            #expect(try store.forgotten(at: .sample, limit: 10).found.isEmpty)
            #expect(try store.claim(limit: 1, lease: UUID(), until: later, now: .sample).map(\.reason) == [.change])
        }
    }

    @Test func theNewestThirtyProbesAreKept() async throws {
        try await withCredential { world, store, credential, session in
            let other = try world.storeCredential(of: world.home, in: session)
            #expect(try store.record(.sample(other, .sample(.rejected)), lease: store.lease(other.id)))
            for index in 0..<34 {
                var outcome = Verification.sample(.verified)
                outcome.checkedAt = .sample + Double(index)
                outcome.advice = "probe \(index)"
                #expect(try store.record(.sample(credential, outcome), lease: store.lease(credential.id)))
            }
            let history = try store.history(of: credential.id, in: credential.organization)
            #expect(history.map(\.advice) == (4..<34).reversed().map { "probe \($0)" })
            #expect(try store.history(of: other.id, in: other.organization).count == 1)
            #expect(try session.count("SELECT COUNT(*) FROM credential_verification_event", []) == 31)
        }
    }

    @Test func theHistoryTellsWhatFailed() async throws {
        try await withCredential { _, store, credential, _ in
            var outcome = Verification.sample(.rejected)
            outcome.steps = [
                .init(name: .address, outcome: .passed, detail: "answers"),
                .init(name: .credential, outcome: .failed, detail: "401", code: "registry-auth-failed"),
                .init(name: .rights, outcome: .failed, detail: "no", code: "other"),
            ]
            #expect(try store.record(.sample(credential, outcome, reason: .demand), lease: store.lease(credential.id)))
            let event = try #require(try store.history(of: credential.id, in: credential.organization).first)
            #expect(event.code == "registry-auth-failed" && event.reason == .demand && event.state == .rejected)
            #expect(event.version == 1 && event.checkedAt == .sample)
        }
    }

    @Test func aPinnedRealmStaysUntilAnotherIsPinned() async throws {
        try await withCredential { _, store, credential, _ in
            func pin(_ realm: String?) throws -> String? {
                let record = VerificationRecord.sample(credential, .sample(.verified), realm: realm)
                #expect(try store.record(record, lease: store.lease(credential.id)))
                return try store.pinnedRealm(of: credential.id, in: credential.organization)
            }
            let pinned = try ["https://a.example", nil, "https://b.example"].map(pin)
            #expect(pinned == ["https://a.example", "https://a.example", "https://b.example"])
        }
    }

    @Test func aProbeBeforeTheStoreIsWrittenWithItAndTakesTheLeaseOfAnOlderProbe() async throws {
        try await withCredential { world, store, credential, session in
            let lease = try store.lease(credential.id)
            var next = credential
            next.version = 2
            #expect(try CredentialStore(session).replaceSecret(of: next, with: world.seal("two", for: next)))
            try store.recordChange(.sample(next, .sample(.verified), reason: .change))
            #expect(try !store.record(.sample(credential, .sample(.rejected)), lease: lease))
            let read = try CredentialStore(session).find(credential.id, kind: nil, in: credential.organization)
            #expect(read?.verification.state == .verified)
            #expect(try store.history(of: credential.id, in: credential.organization).map(\.version) == [2])
        }
    }
}

extension VerificationStore {
    /// Leases at most `limit` that are due.
    func claim(limit: Int, lease: UUID, until: Date, now: Date) throws -> [VerificationClaim] {
        try claim(due(at: now, limit: limit), lease: lease, until: until, now: now)
    }

    func hasDue(at now: Date) throws -> Bool { try !due(at: now, limit: 1).isEmpty }

    /// A lease on `id`, scheduled and claimed.
    func lease(_ id: CredentialID) throws -> UUID {
        let lease = UUID()
        try schedule(id, at: .sample)
        #expect(try claim(id, lease: lease, until: .sample + 60, now: .sample))
        return lease
    }
}

extension VerificationRecord {
    static func sample(
        _ credential: Credential,
        _ outcome: Verification,
        realm: String? = nil,
        reason: VerificationEvent.Reason = .schedule
    ) -> VerificationRecord {
        VerificationRecord(
            credential: credential.id,
            version: credential.version,
            outcome: outcome,
            reason: reason,
            realmToPin: realm,
            failures: outcome.state == .verified ? 0 : 1,
            nextCheckAt: .sample + 86_400
        )
    }
}

extension Verification {
    static func sample(_ state: State, expiresAt: Date? = nil) -> Verification {
        Verification(
            state: state,
            steps: StepName.allCases.map { Step(name: $0, outcome: .passed, detail: "as it should be") },
            rights: Rights(held: ["repository:pull"], missing: [], excess: ["repository:push"]),
            expiry: Expiry(at: expiresAt, source: expiresAt == nil ? .unknown : .registry),
            rateBudget: RateBudget(limit: 100, remaining: 99, windowInSeconds: 21_600, resetsAt: .sample),
            realm: "https://auth.example",
            registryVersion: "Harbor v2.11.0",
            advice: "drop a right",
            checkedAt: .sample
        )
    }
}

extension CredentialStore {
    /// `credential` through every function that reads one.
    fileprivate func everyRead(of credential: Credential, _ world: World) throws -> [Credential] {
        let project = world.home.projects[0].id
        let (id, organization) = (credential.id, credential.organization)
        let found = [
            try find(id, kind: nil, in: organization), try find(id, kind: .harbor, in: organization),
            try findOnly(named: credential.name, kind: .harbor, in: organization),
        ].compactMap { $0 }
        let lists = try list(in: organization, kind: nil, page: .first).items
        let linked = try list(linkedTo: project, kind: nil, page: .first).items
        #expect(found.count == 3 && lists.count == 1)
        return found + lists + linked
    }
}
