import Foundation
import Logging
import Registries
import ServiceLifecycle
import Storage
import Synchronization
import Tenancy

/// Keeps credentials proven: probes each after every store and rotation, when somebody asks, and when it is time.
///
/// What is due stands in the database, so that nothing is lost with the process, and a lease keeps two nodes from probing one
/// credential at once. A secret is opened when its probe starts; what waits is ids.
final class Verifier: Service {
    let database: any Database
    let sealer: CredentialSealer
    let registries: RegistryDirectory
    let settings: VerificationSettings
    let schedule: VerificationSchedule
    let plainHTTPHosts: Set<String>
    let clock: VerifierClock
    let logger: Logger
    let metrics = ProbeMetrics()
    let flights = ProbeFlights()

    private let state = Mutex(State())
    private let signal: AsyncStream<Void>.Continuation
    private let signals: AsyncStream<Void>
    private let demand: AsyncStream<ProbeDemand>.Continuation
    private let demands: AsyncStream<ProbeDemand>

    private struct State {
        /// Stored or rotated, and not in the schedule yet.
        var fresh = FreshCredentials()
        /// Whose turn was last; the next look goes on behind it.
        var lastServed: OrganizationID?
        /// Nil: look for forgotten ones at the next occasion.
        var searchedAt: Date?
        /// How far the present search is.
        var searchedUpTo: CredentialID?
        /// More were forgotten since the present search began.
        var mustSearchAgain = false
        /// Scheduled probes that run.
        var running = 0
        /// Probes that a store or a rotation waits for.
        var awaited = 0
    }

    init(
        database: any Database,
        sealer: CredentialSealer,
        registries: RegistryDirectory,
        settings: VerificationSettings,
        plainHTTPHosts: Set<String>,
        clock: VerifierClock,
        logger: Logger
    ) {
        self.database = database
        self.sealer = sealer
        self.registries = registries
        self.settings = settings
        self.plainHTTPHosts = plainHTTPHosts
        self.clock = clock
        self.logger = logger
        schedule = VerificationSchedule(settings)
        (signals, signal) = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))
        (demands, demand) = AsyncStream.makeStream(
            of: ProbeDemand.self,
            bufferingPolicy: .bufferingOldest(ProbeLimits.demandQueue)
        )
    }

    /// A secret was stored or rotated. Costs its caller a lock and no more.
    func wake(_ id: CredentialID, of organization: OrganizationID) {
        guard settings.interval != nil else { return }
        let isFirst = state.withLock { state in
            if state.fresh.count < ProbeLimits.freshQueue {
                state.fresh.add(id, of: organization)
            } else {
                state.mustSearchAgain = true
            }
            return state.fresh.count == 1
        }
        // The others are looked for when the first is taken, or when a probe ends that all places waited for.
        if isFirst { signal.yield() }
    }

    /// Looks for work at once instead of at the next tick.
    func look() { signal.yield() }

    /// Takes a place among the probes that requests wait for before they store; false when all are taken.
    func takePlace() -> Bool {
        state.withLock { state in
            guard state.awaited < settings.concurrency else { return false }
            state.awaited += 1
            return true
        }
    }

    /// Gives the place back.
    func leavePlace() { state.withLock { $0.awaited -= 1 } }

    /// Puts a demand in the queue; false when it is full.
    func ask(_ demand: ProbeDemand) -> Bool {
        if case .enqueued = self.demand.yield(demand) { true } else { false }
    }

    func run() async throws {
        await cancelWhenGracefulShutdown {
            await withDiscardingTaskGroup { group in
                group.addTask { await self.meetDemands() }
                if self.settings.interval != nil {
                    group.addTask { await self.tick() }
                    group.addTask { await self.followSchedule() }
                }
            }
        }
    }

    private func tick() async {
        while !Task.isCancelled {
            signal.yield()
            try? await clock.sleep(ProbeLimits.tick)  // Throws only when cancelled, which the loop sees itself.
        }
    }

    private func meetDemands() async {
        await withTaskGroup(of: Void.self) { group in
            var running = 0
            for await demand in demands {
                if running == settings.concurrency {
                    await group.next()
                    running -= 1
                }
                running += 1
                group.addTask { demand.answer(await self.meet(demand)) }
            }
        }
    }

    private func followSchedule() async {
        await withDiscardingTaskGroup { group in
            for await _ in signals {
                let claims = await due()
                for claim in claims {
                    group.addTask {
                        _ = await self.probe(ProbeOrder(claim: claim.claim, lease: claim.lease))
                        self.state.withLock { $0.running -= 1 }
                        self.signal.yield()
                    }
                }
                // Probing must not crowd out the requests: so many at once, and so many starts in a second.
                if !claims.isEmpty { try? await clock.sleep(ProbeLimits.pause) }  // Throws only when cancelled.
            }
        }
    }

    /// Leases as many due credentials as there are free places, after what is new was put in the schedule. Organizations take turns.
    private func due() async -> [(claim: VerificationClaim, lease: UUID)] {
        let now = clock.now()
        do {
            let (free, last) = state.withLock { (settings.concurrency - $0.running, $0.lastServed) }
            guard free > 0 else { return [] }
            try await enroll(now, limit: free)
            let found = try await database.read { try VerificationStore($0).due(at: now, limit: free, after: last) }
            guard !found.isEmpty else { return [] }
            let lease = UUID()
            let claims = try await database.write { session in
                try VerificationStore(session).claim(found, lease: lease, until: now + ProbeLimits.lease, now: now)
            }
            state.withLock { state in
                state.running += claims.count
                state.lastServed = found.last?.organization
            }
            return claims.map { ($0, lease) }
        } catch {
            logger.warning("due probes not found", metadata: ["cause": "\(error)"])
            return []
        }
    }

    /// Puts in the schedule what was stored or rotated, and now and then what a crash or another node left out of it: no more than
    /// can be probed now, so that a flood of stores is not slowed down by what is to follow it.
    private func enroll(_ now: Date, limit: Int) async throws {
        var found = state.withLock { $0.fresh.take(limit) }
        if found.count < limit { found += try await search(now, limit: limit - found.count) }
        guard !found.isEmpty else { return }
        let ids = found
        do {
            try await database.write { session in
                for id in ids { try VerificationStore(session).schedule(id, at: now) }
            }
        } catch {
            state.withLock { $0.mustSearchAgain = true }
            throw error
        }
        if ids.count == limit { signal.yield() }
    }

    /// Goes on with the search for forgotten ones, if one is due.
    private func search(_ now: Date, limit: Int) async throws -> [CredentialID] {
        let (isDue, start) = state.withLock { state in
            let isDue = state.searchedAt.map { now >= $0 + ProbeLimits.searchInterval } ?? true
            return (isDue || state.mustSearchAgain, state.searchedUpTo)
        }
        guard isDue else { return [] }
        if start == nil { state.withLock { $0.mustSearchAgain = false } }
        let (found, next) = try await database.read {
            try VerificationStore($0).forgotten(after: start, span: ProbeLimits.searched, at: now, limit: limit)
        }
        state.withLock { state in
            state.searchedUpTo = next
            state.searchedAt = next == nil ? now : nil
        }
        if next != nil { signal.yield() }
        return found
    }
}
