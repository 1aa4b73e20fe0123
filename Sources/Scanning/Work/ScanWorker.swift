public import Foundation
public import Logging
public import Registries
public import ServiceLifecycle
public import Storage
import Synchronization

/// Takes scans from the queue and makes them, a few at once, asks for the scans of schedules, and matches images again when advisories
/// were imported.
public final class ScanWorker: Service {
    let database: any Database
    let registry: @Sendable (ScanRequest) async throws -> DistributionClient
    let advisories: AdvisoryLibrary
    let toolVersion: String
    let clock: ScanClock
    let logger: Logger
    let flights = ScanFlights()
    let memory = HeldMemory()
    private let concurrency: Int
    private let signals: AsyncStream<Void>
    private let signal: AsyncStream<Void>.Continuation
    private let state = Mutex(State())

    private struct State {
        var running = 0
        /// How far the scans are that run here.
        var steps: [ScanID: ScanSteps] = [:]
        /// The advisory database that images were last matched with.
        var matched: AdvisoryLibrary.Mark?
    }

    /// Each scan takes as many cores as there are while it reads, and up to a hundred megabytes.
    public static let defaultConcurrency = 2

    /// A worker on the queue in `database`. `registry` opens the credential of a scan, or reaches a public registry, and throws
    /// ``ScanRefused`` when the scan may not use it; it is asked when the scan begins to ask the registry, and not before. With a `concurrency` of 0 it
    /// makes no scans and follows no schedules, and only matches images again.
    public init(
        database: any Database,
        registry: @escaping @Sendable (ScanRequest) async throws -> DistributionClient,
        advisories: AdvisoryLibrary,
        toolVersion: String,
        concurrency: Int = ScanWorker.defaultConcurrency,
        clock: ScanClock = .system,
        logger: Logger
    ) {
        self.database = database
        self.registry = registry
        self.advisories = advisories
        self.toolVersion = toolVersion
        self.concurrency = concurrency
        self.clock = clock
        self.logger = logger
        (signals, signal) = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))
    }

    /// A scan was put into the queue. Costs its caller nothing; without it the scan is found at the next look.
    public func wake() { signal.yield() }

    /// The scan as it is this moment: of one that runs here, what its worker knows of step and progress, which is in the database at the
    /// next sign of life.
    public func current(_ scan: Scan) -> Scan {
        guard scan.state == .running, let steps = state.withLock({ $0.steps[scan.id] }) else { return scan }
        var scan = scan
        (scan.step, scan.progress) = (steps.current.rawValue, steps.percent)
        return scan
    }

    /// Whether the scan runs in this process.
    public func isRunning(_ id: ScanID) -> Bool { state.withLock { $0.steps[id] != nil } }

    /// Tells of a scan's steps for the time of `body`.
    func showing(_ steps: ScanSteps, of id: ScanID, _ body: () async -> Void) async {
        state.withLock { $0.steps[id] = steps }
        await body()
        state.withLock { if $0.steps[id] === steps { $0.steps[id] = nil } }
    }

    /// Works until the service stops; the scans that run then wait again.
    public func run() async throws {
        await cancelWhenGracefulShutdown {
            await withDiscardingTaskGroup { group in
                group.addTask { await self.tick() }
                group.addTask { await self.followQueue() }
                if self.concurrency > 0 { group.addTask { await self.scheduler.run() } }
            }
        }
    }

    private func tick() async {
        while !Task.isCancelled {
            signal.yield()
            try? await clock.sleep(ScanWorkLimits.tick)  // Throws only when cancelled, which the loop sees itself.
        }
    }

    private func followQueue() async {
        await withDiscardingTaskGroup { group in
            for await _ in signals {
                if let snapshot = unmatched() {
                    group.addTask { await self.refresh(snapshot) }
                }
                while state.withLock({ $0.running < concurrency }), let claim = await claim() {
                    state.withLock { $0.running += 1 }
                    group.addTask {
                        await self.work(on: claim)
                        self.state.withLock { $0.running -= 1 }
                        self.signal.yield()
                    }
                }
            }
        }
    }

    /// Leases the next scan; nil when none waits. Scans whose workers died wait again first.
    private func claim() async -> ClaimedScan? {
        let now = clock.now()
        do {
            let look = try await database.read { try ScanQueue($0).look(at: now) }
            guard look != .nothing, !Task.isCancelled else { return nil }
            return try await database.write { session in
                let queue = ScanQueue(session)
                if look == .expired { try queue.requeueExpired(at: now, exhausted: .workersDied) }
                return try queue.claim(until: now + ScanWorkLimits.lease, now: now)
            }
        } catch {
            logger.warning("queue of scans not looked at", metadata: ["cause": "\(error)"])
            return nil
        }
    }

    /// The advisory database, if images are to be matched with it again. It counts as matched at once, so that one refresh runs.
    private func unmatched() -> AdvisoryLibrary.Snapshot? {
        guard let snapshot = advisories.current() else { return nil }
        return state.withLock { state in
            guard state.matched != snapshot.mark else { return nil }
            state.matched = snapshot.mark
            return snapshot
        }
    }

    private func refresh(_ snapshot: AdvisoryLibrary.Snapshot) async {
        do {
            let count = try await refresher.run(snapshot)
            if count > 0 { logger.info("images matched again", metadata: ["images": .stringConvertible(count)]) }
        } catch {
            // The next look begins again with those that are left.
            state.withLock { if $0.matched == snapshot.mark { $0.matched = nil } }
            if !Task.isCancelled { logger.warning("images not matched again", metadata: ["cause": "\(error)"]) }
        }
    }

    /// When a schedule that is made or changed now is to look first: soon, and not all of them at once.
    public func firstLook() -> Date {
        clock.now() + ScheduleTiming.firstLook * clock.jitter().magnitude
    }

    private var scheduler: ScanScheduler {
        ScanScheduler(
            database: database,
            registry: registry,
            clock: clock,
            logger: logger,
            wake: { [signal] in signal.yield() }
        )
    }

    var refresher: AdvisoryRefresh {
        AdvisoryRefresh(database: database, toolVersion: toolVersion, clock: clock, logger: logger)
    }
}
