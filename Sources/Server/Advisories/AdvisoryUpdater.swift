import Advisories
import Foundation
import Logging
import Scanning
import ServiceLifecycle
import Synchronization

/// Takes advisories into the service's database: when an administrator asks, and when those that are there are old. One import at a
/// time; one that fails leaves what is there as it was.
final class AdvisoryUpdater: Service {
    /// How an import went.
    struct Ended: Sendable {
        let sources: [String]
        let startedAt: Date
        let endedAt: Date
        /// What it did, or why it did nothing.
        let outcome: Outcome

        enum Outcome: Sendable {
            case done(AdvisoryImportReport)
            case failed(String)
        }
    }

    /// The import that runs.
    struct Running: Sendable {
        let sources: [String]
        let startedAt: Date
    }

    /// Between two looks at the age of what is there.
    static let tick = Duration.seconds(60)
    /// The first wait after a fetch that failed, in seconds; doubled each time, and no longer than the regular one.
    static let firstRetry: TimeInterval = 15 * 60

    let settings: AdvisorySettings
    let library: AdvisoryLibrary
    private let work: @Sendable ([AdvisoryAddress], Date) async throws -> AdvisoryImportReport
    private let clock: ScanClock
    private let logger: Logger
    private let state = Mutex(State())
    private let demands: AsyncStream<[AdvisoryAddress]>
    private let demand: AsyncStream<[AdvisoryAddress]>.Continuation

    private struct State {
        var running: Running?
        var last: Ended?
        var failuresInARow = 0
        var imports = 0
        var failures = 0
    }

    /// An updater of `library`. `work` imports what is at the addresses, with the given moment as that of the import.
    init(
        _ settings: AdvisorySettings,
        library: AdvisoryLibrary,
        clock: ScanClock = .system,
        logger: Logger,
        work: @escaping @Sendable ([AdvisoryAddress], Date) async throws -> AdvisoryImportReport
    ) {
        self.settings = settings
        self.library = library
        self.work = work
        self.clock = clock
        self.logger = logger
        (demands, demand) = AsyncStream.makeStream(of: [AdvisoryAddress].self, bufferingPolicy: .bufferingNewest(1))
    }

    /// The import that runs and the one before it.
    var imports: (running: Running?, last: Ended?) { state.withLock { ($0.running, $0.last) } }

    /// Begins an import of what is at `addresses`; false when one runs.
    func start(_ addresses: [AdvisoryAddress]) -> Bool {
        let now = clock.now()
        let isFree = state.withLock { state in
            guard state.running == nil else { return false }
            state.running = Running(sources: addresses.map(\.description), startedAt: now)
            return true
        }
        if isFree { demand.yield(addresses) }
        return isFree
    }

    func run() async throws {
        await cancelWhenGracefulShutdown {
            await withDiscardingTaskGroup { group in
                group.addTask { for await addresses in self.demands { await self.importing(addresses) } }
                if let interval = self.settings.interval, !self.settings.sources.isEmpty {
                    group.addTask { await self.keepFresh(interval) }
                }
            }
        }
    }

    private func importing(_ addresses: [AdvisoryAddress]) async {
        guard let running = imports.running else { return }
        let outcome: Ended.Outcome
        do {
            let report = try await work(addresses, clock.now())
            outcome = .done(report)
            logger.info(
                "advisories imported",
                metadata: [
                    "added": .stringConvertible(report.added), "replaced": .stringConvertible(report.replaced),
                    "damaged": .stringConvertible(report.damaged),
                ]
            )
        } catch {
            // What the stop of the service broke off is no failure of the import.
            if Task.isCancelled { return state.withLock { $0.running = nil } }
            outcome = .failed("\(error)")
            logger.error("advisories not imported", metadata: ["cause": "\(error)"])
        }
        let end = clock.now()
        state.withLock { state in
            state.running = nil
            state.last = Ended(
                sources: running.sources,
                startedAt: running.startedAt,
                endedAt: end,
                outcome: outcome
            )
            if case .done = outcome {
                state.imports += 1
                state.failuresInARow = 0
            } else {
                state.failures += 1
                state.failuresInARow += 1
            }
        }
    }

    private func keepFresh(_ interval: TimeInterval) async {
        while !Task.isCancelled {
            // Throws only when cancelled, which the loop sees itself. Nodes that start together do not fetch together.
            try? await clock.sleep(AdvisoryUpdater.tick * (1 + 0.5 * clock.jitter()))
            if !Task.isCancelled, await isDue(interval, at: clock.now()) { _ = start(settings.sources) }
        }
    }

    /// Whether what is there is older than `interval`, and no fetch failed a short while ago.
    private func isDue(_ interval: TimeInterval, at now: Date) async -> Bool {
        let (last, failures) = state.withLock { ($0.last, $0.failuresInARow) }
        if let last, failures > 0 {
            let wait = AdvisoryUpdater.firstRetry * pow(2, Double(min(failures - 1, 20)))
            guard now >= last.endedAt + min(wait, interval) else { return false }
        }
        guard let importedAt = await library.status()?.importedAt else { return true }
        return now.timeIntervalSince1970 >= Double(importedAt.secondsSince1970) + interval
    }

    /// For `/metrics`.
    var metrics: [String] {
        let (imports, failures) = state.withLock { ($0.imports, $0.failures) }
        return [
            "# HELP pratique_advisory_imports_total Imports of advisories by this server, by how they ended.",
            "# TYPE pratique_advisory_imports_total counter",
            "pratique_advisory_imports_total{outcome=\"done\"} \(imports)",
            "pratique_advisory_imports_total{outcome=\"failed\"} \(failures)",
        ]
    }
}
