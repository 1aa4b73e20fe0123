import Foundation
import Logging
import Registries
import Storage

/// Looks for schedules that are due, a few at once, and asks for their scans.
struct ScanScheduler: Sendable {
    let database: any Database
    let registry: @Sendable (ScanRequest) async throws -> DistributionClient
    let clock: ScanClock
    let logger: Logger
    /// Called when scans were put into the queue.
    let wake: @Sendable () -> Void

    private struct Overdue: Error {}

    /// Works until it is cancelled; what is looked at then is due as before.
    func run() async {
        await withDiscardingTaskGroup { group in
            for _ in 0..<ScanWorkLimits.looksAtOnce { group.addTask { await follow() } }
        }
    }

    private func follow() async {
        while !Task.isCancelled {
            while let claim = await claim() { await work(on: claim) }
            // Throws only when cancelled, which the loop sees itself.
            try? await clock.sleep(ScanWorkLimits.scheduleTick * (1 + ScheduleTiming.jitterShare * clock.jitter()))
        }
    }

    private func claim() async -> ClaimedSchedule? {
        let now = clock.now()
        do {
            guard !Task.isCancelled, try await database.read({ try ScheduleQueue($0).isDue(at: now) }) else {
                return nil
            }
            return try await database.write { session in
                try ScheduleQueue(session).claim(until: now + ScanWorkLimits.lookLease, now: now)
            }
        } catch {
            logger.warning("schedules not looked at", metadata: ["cause": "\(error)"])
            return nil
        }
    }

    /// Makes one look and writes what it came to.
    func work(on claim: ClaimedSchedule) async {
        let id: Logger.MetadataValue = "\(claim.schedule.id)"
        do {
            let known = try await database.read { try ScheduleQueue($0).tags(of: claim.schedule.id) }
            let look = ScheduleLook(schedule: claim.schedule, known: known, registry: registry, clock: clock)
            let run = outcome(of: try await timed(look), claim.schedule)
            let now = clock.now()
            let count = try await database.write { try ScheduleQueue($0).finish(claim, run, at: now) }
            if let count, count > 0 { wake() }
            logger.info(
                "schedule looked",
                metadata: [
                    "scheduleId": id, "tags": .stringConvertible(run.tags.count),
                    "scans": .stringConvertible(count ?? 0), "trouble": .string(run.failure?.code ?? "none"),
                ]
            )
        } catch {
            if !Task.isCancelled {
                logger.warning("schedule broken off", metadata: ["scheduleId": id, "cause": "\(error)"])
            }
            do {
                try await database.write { try ScheduleQueue($0).release(claim) }
            } catch {
                // The lease runs out.
                logger.warning("schedule not given back", metadata: ["scheduleId": id, "cause": "\(error)"])
            }
        }
    }

    /// The look, which ends within its time: one slow registry must not hold up the others.
    private func timed(_ look: ScheduleLook) async throws -> ScheduleLook.Found {
        do {
            return try await withThrowingTaskGroup(of: ScheduleLook.Found.self) { group in
                group.addTask { try await look.run() }
                group.addTask {
                    try await clock.sleep(ScanWorkLimits.look)
                    throw Overdue()
                }
                defer { group.cancelAll() }
                guard let found = try await group.next() else { throw CancellationError() }
                return found
            }
        } catch is Overdue {
            var found = ScheduleLook.Found()
            (found.failure, found.isTrouble) = (.lookOverdue, true)
            return found
        }
    }

    private func outcome(of found: ScheduleLook.Found, _ schedule: ScanSchedule) -> ScheduleRun {
        let now = clock.now()
        let timing = ScheduleTiming(rhythm: schedule.rhythm, jitter: clock.jitter())
        var run = ScheduleRun(nextRunAt: timing.next(dueAt: schedule.nextRunAt, now: now))
        (run.tags, run.due, run.existing, run.failure) = (found.tags, found.due, found.existing, found.failure)
        if let failure = found.failure, found.isTrouble {
            run.failures = schedule.failures + 1
            run.nextRunAt = timing.next(
                after: failure.category,
                failures: run.failures,
                pause: found.pause,
                dueAt: schedule.nextRunAt,
                now: now
            )
        }
        return run
    }
}
