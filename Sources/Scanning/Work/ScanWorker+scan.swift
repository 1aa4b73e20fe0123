import Advisories
import Foundation
import Logging
import OCI
import Registries
import Storage

extension ScanWorker {
    /// What ends a scan beside its own errors.
    private enum Ending: Error {
        case cancelAsked, leaseLost, overdue
        /// Another scan reads the same image.
        case twin(ScanFlights.Key)
    }

    /// What a scan found, and what it was matched with.
    private struct Found: Sendable {
        let outcome: ScanOutcome
        let image: ResolvedImage
        let shelf: LayerShelf
        let mark: AdvisoryLibrary.Mark?
    }

    /// Makes one scan and writes how it ended.
    func work(on claim: ClaimedScan) async {
        let steps = ScanSteps()
        await showing(steps, of: claim.scan.id) { await work(on: claim, steps) }
    }

    private func work(on claim: ClaimedScan, _ steps: ScanSteps) async {
        let id: Logger.MetadataValue = "\(claim.scan.id)"
        do {
            let found = try await beating(claim, steps) { try await self.find(claim.scan.request, steps) }
            try await finish(claim, found)
        } catch Ending.cancelAsked {
            await end(claim, "scan cancelled") { try ScanQueue($0).endCancelled(claim, at: $1) }
        } catch Ending.leaseLost {
            logger.notice(ScanWorker.lost, metadata: ["scanId": id])
        } catch Ending.twin(let key) {
            await wait(claim, forTwin: key)
        } catch {
            // What the stop of the service broke off is no failure of the scan.
            if Task.isCancelled {
                return await end(claim, "scan given back") { try ScanQueue($0).release(claim, at: $1) }
            }
            if let end = endOfPause(error, claim) {
                return await postpone(claim, for: .pause, until: end)
            }
            guard var failure = error is Ending ? ScanFailure.overdue : ScanFailure(error) else {
                // The database is in trouble: the lease runs out, and the scan is tried again.
                return logger.error("scan broken off", metadata: ["scanId": id, "cause": "\(error)"])
            }
            failure.hint = hintOfPause(error) ?? failure.hint
            if failure.category == .unknown {
                logger.error("scan failed inside", metadata: ["scanId": id, "cause": "\(error)"])
            }
            await end(claim, "scan failed") { [failure] in try ScanQueue($0).fail(claim, failure, at: $1) }
        }
    }

    /// Runs `body` while the lease is kept alive; its end, whatever it is, is the end of both.
    private func beating(
        _ claim: ClaimedScan,
        _ steps: ScanSteps,
        _ body: @escaping @Sendable () async throws -> Found
    ) async throws -> Found {
        try await withThrowingTaskGroup(of: Found?.self) { group in
            group.addTask { try await body() }
            group.addTask {
                try await self.beat(claim, steps)
                return nil
            }
            defer { group.cancelAll() }
            while let found = try await group.next() {
                if let found { return found }
            }
            throw CancellationError()
        }
    }

    private func beat(_ claim: ClaimedScan, _ steps: ScanSteps) async throws {
        let began = clock.now()
        var held = began + ScanWorkLimits.lease
        while true {
            try await clock.sleep(ScanWorkLimits.heartbeat)
            let now = clock.now()
            if now > began + ScanWorkLimits.scan { throw Ending.overdue }
            let until = now + ScanWorkLimits.lease
            do {
                let state = try await database.write { session in
                    try ScanQueue(session).heartbeat(
                        claim,
                        step: steps.current.rawValue,
                        progress: steps.percent,
                        until: until,
                        now: now
                    )
                }
                switch state {
                case .held: held = until
                case .cancelAsked: throw Ending.cancelAsked
                case .lost: throw Ending.leaseLost
                }
            } catch let error as StorageError {
                logger.warning("sign of life not written", metadata: ["cause": "\(error)"])
                if now > held { throw Ending.leaseLost }
            }
        }
    }

    /// From the name to what is wrong with the image.
    private func find(_ request: ScanRequest, _ steps: ScanSteps) async throws -> Found {
        let reference: ImageReference
        do {
            reference = try ImageReference(request.image)
        } catch {
            throw ScanError(.unusableInput, "the image \(error.message)")
        }
        let source = RemoteImage(reference, client: try await registry(request), sleep: clock.sleep)
        let shelf = LayerShelf(
            database,
            organization: request.organization,
            registry: reference.registry,
            clock: clock,
            logger: logger
        )
        let image = try await source.resolve(try Platform(asked: request.platform)) { digest in
            await shelf.image(digest, platform: request.platform, name: reference.description)
        }
        steps.enter(.pull)
        let scanned = try await alone(with: image, shelf) {
            try await ImageScanner(memory: memory).scan(
                image,
                from: source,
                known: shelf.layers,
                progress: steps.layers
            )
        }
        await shelf.keep(image, platform: request.platform)
        steps.enter(.match)
        let (report, mark) = try report(on: scanned)
        let outcome = try ScanOutcome(report)
        steps.enter(.finish)
        return Found(outcome: outcome, image: image, shelf: shelf, mark: mark)
    }

    /// Runs `body` when nobody else reads the image, or nothing of it has to be pulled.
    private func alone<Result: Sendable>(
        with image: ResolvedImage,
        _ shelf: LayerShelf,
        _ body: () async throws -> Result
    ) async throws -> Result {
        guard await !shelf.holds(image) else { return try await body() }
        let key = ScanFlights.Key(scope: shelf.scope, manifest: image.digest)
        guard flights.begin(key) else { throw Ending.twin(key) }
        do {
            let result = try await body()
            await endWaits(of: flights.end(key))
            return result
        } catch {
            await endWaits(of: flights.end(key))
            throw error
        }
    }

    /// A report that knows of no flaws when there is no advisory database that can be used, and says so.
    private func report(on scanned: ScannedImage) throws -> (ImageReport, AdvisoryLibrary.Mark?) {
        let (now, snapshot) = (clock.now(), advisories.current())
        do {
            let matcher = FindingMatcher(snapshot?.database)
            return (try matcher.report(on: scanned, at: now, toolVersion: toolVersion), snapshot?.mark)
        } catch let error as AdvisoryError {
            logger.error("advisory database not usable", metadata: ["cause": "\(error)"])
            return (try FindingMatcher(nil).report(on: scanned, at: now, toolVersion: toolVersion), snapshot?.mark)
        }
    }

    private func finish(_ claim: ClaimedScan, _ found: Found) async throws {
        let now = clock.now()
        let written = try await database.write { session in
            let image = try ScanQueue(session).finish(claim, found.outcome, at: now)
            if image != nil { try found.shelf.touch(found.image, session) }
            return try image.flatMap { try ImageStore(session).find($0, in: claim.scan.request.project) }
        }
        guard let written else {
            return await end(claim, "scan cancelled") { try ScanQueue($0).endCancelled(claim, at: $1) }
        }
        logger.info(
            "scan finished",
            metadata: [
                "scanId": "\(claim.scan.id)", "packages": .stringConvertible(found.outcome.packages.count),
                "findings": .stringConvertible(found.outcome.findings.count),
                "degraded": .stringConvertible(found.outcome.isDegraded),
            ]
        )
        // Advisories that were imported while this image was matched are newer than what it was matched with.
        guard let snapshot = advisories.current(), snapshot.mark != found.mark else { return }
        do {
            _ = try await refresher.match(written, with: snapshot)
        } catch {
            logger.warning("image not matched again", metadata: ["imageId": "\(written.id)", "cause": "\(error)"])
        }
    }

    /// Its lease ran out, somebody ended it, or its project was deleted.
    private static let lost: Logger.Message = "scan is no longer this worker's"

    /// Writes an end, of which `body` tells whether the scan was still to be ended. Writes do not heed cancellation, so that it is
    /// written while the service stops too.
    func end(
        _ claim: ClaimedScan,
        _ message: Logger.Message,
        _ body: @escaping @Sendable (any SQLSession, Date) throws -> Bool
    ) async {
        let now = clock.now()
        do {
            let isHeld = try await database.write { try body($0, now) }
            logger.log(
                level: isHeld ? .info : .notice,
                isHeld ? message : ScanWorker.lost,
                metadata: ["scanId": "\(claim.scan.id)"]
            )
        } catch {
            logger.error("end of a scan not written", metadata: ["scanId": "\(claim.scan.id)", "cause": "\(error)"])
        }
    }
}

extension Platform {
    /// `os/architecture[/variant]`; nil for the empty text. Throws ``ScanError``.
    fileprivate init?(asked text: String) throws {
        guard !text.isEmpty else { return nil }
        let parts = text.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
        guard (2...3).contains(parts.count), parts.allSatisfy({ !$0.isEmpty }) else {
            throw ScanError(.platformNotFound, "the platform is not like linux/amd64")
        }
        self.init(os: parts[0], architecture: parts[1], variant: parts.count == 3 ? parts[2] : nil)
    }
}
