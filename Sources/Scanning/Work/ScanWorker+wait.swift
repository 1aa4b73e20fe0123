import Foundation
import Logging
import Registries
import Storage

/// Scans that cannot go on now. They wait in the queue and not with the worker, which has others to make.
extension ScanWorker {
    /// Until when a scan waits after `error`; nil when its registry wants no pause, or a longer one than a scan waits for.
    func endOfPause(_ error: any Error, _ claim: ClaimedScan) -> Date? {
        guard let asked = (error as? RegistryError)?.retryAfter.map({ $0 / .seconds(1) }) else { return nil }
        let now = clock.now()
        let began = claim.scan.startedAt ?? now
        // Longer each time, so that a registry that wants a second for ever is not asked each second.
        let wait = max(asked, min(now.timeIntervalSince(began) / 2, ScanWorkLimits.pause))
        guard wait <= ScanWorkLimits.pause, now + wait <= began + ScanWorkLimits.scan else { return nil }
        return now + wait
    }

    /// What helps when the registry wants a pause that is not waited for.
    func hintOfPause(_ error: any Error) -> String? {
        guard let asked = (error as? RegistryError)?.retryAfter.map({ $0 / .seconds(1) }) else { return nil }
        guard asked > ScanWorkLimits.pause else {
            return "The registry wants one pause after another; start the scan again later"
        }
        let (wanted, limit) = (Int((asked / 60).rounded(.up)), Int(ScanWorkLimits.pause / 60))
        return "Start the scan again in \(wanted) minutes, which the registry wants; a scan waits for \(limit) at most"
    }

    /// Gives the scan back until then; its slot is free.
    func postpone(_ claim: ClaimedScan, for wait: ScanWait, until end: Date) async {
        await self.end(claim, "scan waits") { try ScanQueue($0).postpone(claim, for: wait, until: end, at: $1) }
    }

    /// Gives the scan back until another one of the same image has ended.
    func wait(_ claim: ClaimedScan, forTwin key: ScanFlights.Key) async {
        await postpone(claim, for: .twin, until: clock.now() + ScanWorkLimits.twin)
        // The other one may have ended before this one was seen to wait.
        if !flights.wait(claim.scan.id, for: key) { await endWaits(of: [claim.scan.id]) }
    }

    /// Lets scans go on whose twin has ended.
    func endWaits(of scans: [ScanID]) async {
        guard !scans.isEmpty else { return }
        let now = clock.now()
        do {
            try await database.write { try ScanQueue($0).endWaits(of: scans, at: now) }
        } catch {
            // They look themselves after a while.
            logger.warning("scans not woken", metadata: ["cause": "\(error)"])
        }
        wake()
    }
}
