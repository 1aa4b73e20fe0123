import Foundation
import Registries
import Sealing
import Storage
import TestSupport
import Testing

@testable import Server

/// Credentials are kept proven: after a change, on demand, and on a schedule. Source: issue 3, item 3.
@Suite struct VerifierTests {
    private static let day = 86_400.0

    @Test func aStoredCredentialIsProbedOnceItIsToldOf() async throws {
        try await VerifierWorld.with { world async throws in
            let credential = try await world.store()
            world.verifier.wake(credential.id, of: world.organization)
            #expect(try await world.probed(credential))
            let read = try #require(try await world.read(credential))
            #expect(read.verification.state == .verified && read.verification.checkedAt == world.clock.now)
            #expect(world.registry.probes.map(\.secret) == ["s3cret-of-a-robot"])
            #expect(try await world.history(credential).map(\.reason) == [.change])
            let kept = try #require(try await world.kept(credential))
            #expect(kept.nextCheckAt == world.clock.now + Self.day && kept.failures == 0)
            #expect(kept.pinnedRealm == "https://auth.example.com", "pinned at the first good probe")
        }
    }

    /// The process ended between the store and its wake-up, or between the wake-up and the probe.
    @Test func whatWasStoredBeforeTheStartIsProbedWithoutAWakeUp() async throws {
        try await VerifierWorld.withStopped { world async throws in
            var credentials: [Credential] = []
            for _ in 0..<5 { credentials.append(try await world.store()) }
            try await world.running { () async throws in
                for credential in credentials { #expect(try await world.probed(credential)) }
            }
            #expect(world.registry.probes.count == 5)
        }
    }

    @Test func aProbeThatTheEndOfTheProcessCutShortIsMadeAgain() async throws {
        let gate = Gate()
        let registry = ScriptedRegistry { _ in
            await gate.pass()
            return .scripted(.verified)
        }
        try await VerifierWorld.withStopped(registry: registry) { world async throws in
            let credential = try await world.store()
            try await world.running { () async throws in
                world.verifier.wake(credential.id, of: world.organization)
                await registry.began(1)
            }
            #expect(try await world.history(credential).isEmpty, "a probe that was cut short proves nothing")
            gate.open()
            let second = ScriptedRegistry()
            try await world.running(world.another(second)) { () async throws in
                #expect(try await world.probed(credential))
            }
            #expect(second.probes.count == 1, "the lease was given back, so that nobody waits for its end")
        }
    }

    @Test func aCredentialIsProbedAgainWhenItIsTime() async throws {
        try await VerifierWorld.with { world async throws in
            let credential = try await world.store()
            world.verifier.wake(credential.id, of: world.organization)
            #expect(try await world.probed(credential))
            await world.clock.sleeper(of: ProbeLimits.tick)
            world.clock.advance(by: Self.day - 20)
            await world.clock.sleeper(of: ProbeLimits.tick)
            #expect(world.registry.probes.count == 1, "not before")
            world.clock.advance(by: 20)
            #expect(try await world.probed(credential, 2))
            #expect(try await world.history(credential).map(\.reason) == [.schedule, .change])
        }
    }

    /// Docker Hub locks accounts: a refused secret is tried after an hour, then after four.
    @Test func aRefusedSecretIsNotTriedInABurst() async throws {
        let registry = ScriptedRegistry { _ in .scripted(.rejected) }
        try await VerifierWorld.with(registry: registry) { world async throws in
            let credential = try await world.store()
            world.verifier.wake(credential.id, of: world.organization)
            #expect(try await world.probed(credential))
            for _ in 0..<20 {
                world.verifier.wake(credential.id, of: world.organization)
                await world.clock.sleeper(of: ProbeLimits.tick)
                world.clock.advance(by: 15)
            }
            await world.clock.sleeper(of: ProbeLimits.tick)
            #expect(registry.probes.count == 1, "however often it is asked for")
            for (count, hours) in [(2, 1.0), (3, 4.0), (4, 16.0), (5, 24.0)] {
                world.clock.advance(by: hours * 3600)
                #expect(try await world.probed(credential, count))
                #expect(try await world.kept(credential)?.failures == count)
                await world.clock.sleeper(of: ProbeLimits.tick)
            }
            #expect(registry.probes.count == 5)
        }
    }

    @Test func failuresAreCountedAndEndWithTheNextGoodProbe() async throws {
        let registry = ScriptedRegistry { _ in .scripted(.unreachable) }
        try await VerifierWorld.with(registry: registry) { world async throws in
            let credential = try await world.store()
            world.verifier.wake(credential.id, of: world.organization)
            #expect(try await world.probed(credential))
            for (count, wait) in [(2, 300.0), (3, 600)] {
                await world.clock.sleeper(of: ProbeLimits.tick)
                world.clock.advance(by: wait)
                #expect(try await world.probed(credential, count))
                #expect(try await world.kept(credential)?.failures == count)
            }
            registry.answer(.scripted(.verified))
            await world.clock.sleeper(of: ProbeLimits.tick)
            world.clock.advance(by: 1200)
            #expect(try await world.probed(credential, 4))
            #expect(try await world.kept(credential)?.failures == 0)
        }
    }

    @Test func aProbeThatOutlivesARotationWritesNothingAndTheNewVersionIsProbed() async throws {
        let gate = Gate()
        let registry = ScriptedRegistry { probe in
            guard probe.version == 1 else { return .scripted(.verified) }
            await gate.pass()
            return .scripted(.rejected)
        }
        try await VerifierWorld.with(registry: registry) { world async throws in
            let credential = try await world.store()
            world.verifier.wake(credential.id, of: world.organization)
            await registry.began(1)
            let next = try await world.rotate(credential)
            world.verifier.wake(credential.id, of: world.organization)
            gate.open()
            #expect(try await world.probed(credential))
            #expect(try await world.history(credential).map(\.version) == [2])
            #expect(try await world.read(next)?.verification.state == .verified)
            #expect(registry.probes.map(\.secret) == ["s3cret-of-a-robot", "another-s3cret"])
        }
    }

    @Test func aCredentialThatIsDeletedWhileItIsProbedLeavesNothing() async throws {
        let gate = Gate()
        let registry = ScriptedRegistry { _ in
            await gate.pass()
            return .scripted(.verified)
        }
        try await VerifierWorld.with(registry: registry) { world async throws in
            let credential = try await world.store()
            let other = try await world.store()
            world.verifier.wake(credential.id, of: world.organization)
            await registry.began(1)
            #expect(
                try await world.database.write {
                    try CredentialStore($0).delete(credential.id, kind: credential.kind, in: world.organization)
                }
            )
            gate.open()
            world.verifier.wake(other.id, of: world.organization)
            #expect(try await world.probed(other))
            let rows = try await world.database.read { session in
                try session.count("SELECT COUNT(*) FROM credential_verification", [])
            }
            #expect(rows == 1)
        }
    }

    @Test func noMoreThanTheSettingRunAtOnceAndAllAreProbed() async throws {
        let registry = ScriptedRegistry { _ in
            for _ in 0..<20 { await Task.yield() }
            return .scripted(.verified)
        }
        try await VerifierWorld.with(registry: registry, concurrency: 3) { world async throws in
            for _ in 0..<40 { world.verifier.wake(try await world.store().id, of: world.organization) }
            let isDone = try await eventually {
                try await world.database.read {
                    try $0.count("SELECT COUNT(*) FROM credential_verification_event", [])
                } == 40
            }
            #expect(isDone && registry.mostAtOnce <= 3)
            #expect(Set(registry.probes.map(\.credential)).count == 40)
        }
    }

    /// One organization stores a flood, another a single credential: it is not the last.
    @Test func aFloodOfOneOrganizationPutsNobodyElsesOff() async throws {
        let gate = Gate()
        let registry = ScriptedRegistry { _ in
            await gate.pass()
            return .scripted(.verified)
        }
        try await VerifierWorld.with(registry: registry, concurrency: 2) { world async throws in
            for _ in 0..<30 { world.verifier.wake(try await world.store().id, of: world.organization) }
            await registry.began(2)
            let other = try await world.makeOrganization()
            let single = try await world.store("of-another", of: other)
            world.verifier.wake(single.id, of: other)
            gate.open()
            await registry.began(6)
            #expect(registry.probes.prefix(6).contains { $0.secret == "of-another" })
        }
    }

    /// Two nodes over one database.
    @Test func twoNodesDoNotProbeTheSameCredential() async throws {
        try await VerifierWorld.with(concurrency: 2) { world async throws in
            let second = ScriptedRegistry()
            let other = world.another(second)
            try await world.running(other) { () async throws in
                for _ in 0..<30 {
                    let id = try await world.store().id
                    world.verifier.wake(id, of: world.organization)
                    other.wake(id, of: world.organization)
                }
                let isDone = try await eventually {
                    try await world.database.read {
                        try $0.count("SELECT COUNT(DISTINCT credential_id) FROM credential_verification_event", [])
                    } == 30
                }
                #expect(isDone && world.registry.probes.count + second.probes.count == 30)
                #expect(world.registry.mostAtOnce <= 2 && second.mostAtOnce <= 2)
            }
        }
    }

    @Test func aDeadNodesWorkReturnsWhenItsLeaseRanOut() async throws {
        try await VerifierWorld.withStopped { world async throws in
            let credential = try await world.store()
            let now = world.clock.now
            try await world.database.write { session in
                let store = VerificationStore(session)
                try store.schedule(credential.id, at: now)
                #expect(try store.claim(credential.id, lease: UUID(), until: now + 300, now: now))
            }
            try await world.running { () async throws in
                await world.clock.sleeper(of: ProbeLimits.tick)
                #expect(world.registry.probes.isEmpty)
                world.clock.advance(by: 300)
                #expect(try await world.probed(credential))
            }
        }
    }

    @Test func aSecretWhoseRootKeyIsMissingIsLeftAlone() async throws {
        try await VerifierWorld.withStopped { world async throws in
            let credential = try await world.store()
            let other = VerifierWorld.blind(world)
            try await world.running(other) { () async throws in
                other.wake(credential.id, of: world.organization)
                let isPutOff = try await eventually {
                    try await world.kept(credential)?.nextCheckAt == world.clock.now + Self.day
                }
                #expect(isPutOff)
            }
            #expect(world.registry.probes.isEmpty)
        }
    }

    @Test func withoutAnIntervalNothingIsProbedUnasked() async throws {
        try await VerifierWorld.with(interval: nil) { world async throws in
            let credential = try await world.store()
            world.verifier.wake(credential.id, of: world.organization)
            #expect(try await world.verifier.verify(credential, approvedRealm: nil) == .recorded)
            #expect(world.registry.probes.count == 1, "the one that was asked for")
            #expect(try await world.history(credential).map(\.reason) == [.demand])
        }
    }

    @Test func aSlowProbeIsGivenUpAndItsRegistryIsUnreachable() async throws {
        let registry = ScriptedRegistry { _ in
            await Gate().pass()
            return .scripted(.verified)
        }
        try await VerifierWorld.with(registry: registry) { world async throws in
            let credential = try await world.store()
            world.verifier.wake(credential.id, of: world.organization)
            await world.clock.sleeper(of: ProbeLimits.probe)
            world.clock.advance(by: 120)
            #expect(try await world.probed(credential))
            let outcome = try #require(try await world.kept(credential)?.outcome)
            #expect(outcome.state == .unreachable && outcome.failureCode == "registry-timeout")
        }
    }

    @Test func aSecretIsProbedRightAfterTheEndThatTheUserGave() async throws {
        try await VerifierWorld.with { world async throws in
            let credential = try await world.store(expiresAt: world.clock.now + 3600)
            world.verifier.wake(credential.id, of: world.organization)
            #expect(try await world.probed(credential))
            #expect(try await world.kept(credential)?.nextCheckAt == world.clock.now + 3660)
        }
    }
}

extension VerifierWorld {
    /// A verifier of a node that lacks the root key.
    static func blind(_ world: VerifierWorld) -> Verifier {
        let keyring: Keyring
        do { keyring = try Keyring([.random()]) } catch { return world.verifier }
        return Verifier(
            database: world.database,
            sealer: CredentialSealer(keyring: keyring),
            registries: RegistryDirectory { _ in world.registry },
            settings: world.verifier.settings,
            plainHTTPHosts: [],
            clock: world.clock.forVerifier,
            logger: world.verifier.logger
        )
    }
}
