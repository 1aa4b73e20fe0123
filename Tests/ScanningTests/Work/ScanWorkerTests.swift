import Advisories
import Foundation
import ImageFixtures
import OCI
import RegistryStubs
import Scanning
import Storage
import Synchronization
import TestSupport
import Testing

/// From the queue to results, whatever happens on the way. Source: issue 5, "Queue", "Reuse".
@Suite(.timeLimit(.minutes(2))) struct ScanWorkerTests {
    private static let advice = [Advice(id: "CVE-2026-1", ecosystem: "Debian:12", package: "a", fixed: "2")]

    private func image() throws -> ImageFixture { try Sample.image([["a 1"], ["a 1", "b 1"]]) }

    private func withBench(_ body: (WorkBench) async throws -> Void) async throws {
        let registry = WorkBench.registry(try image())
        try await WorkBench.run({ registry.handle($0) }, body)
    }

    @Test func scanWritesWhatIsInTheImageAndWhatIsWrongWithIt() async throws {
        let image = try image()
        try await withBench { bench async throws in
            try await bench.importAdvice(Self.advice)
            try await bench.working { worker async throws in
                let scan = try await bench.scan(worker)
                #expect(scan.state == .completed)
                #expect(scan.progress == 100 && scan.attempts == 1 && scan.findingCount == 1)
                #expect(scan.completeness?.contains(#""inventoryComplete":true"#) == true)
            }
            let stored = try #require(try await bench.image())
            #expect(stored.digest == image.digest)
            #expect(stored.osFamily == "debian" && stored.packageCount == 2)
            #expect(stored.layers.map(\.digest) == image.layers.map(\.descriptor.digest.description))
            #expect(try await bench.findings() == ["CVE-2026-1 a"])
            let bytes = try await bench.database.read { try ImageStore($0).inventory(of: stored.id) }
            let scanned = try #require(bytes.flatMap { ScannedImage(stored: $0) })
            #expect(scanned.listing == ["deb a 1 @0", "deb b 1 @1"])
        }
    }

    @Test func secondScanAsksForTheTagAndPullsNothing() async throws {
        try await withBench { bench async throws in
            try await bench.importAdvice(Self.advice)
            try await bench.working { worker async throws in
                let first = try await bench.scan(worker)
                #expect(first.state == .completed)
                let before = try #require(try await bench.image())
                let count = bench.server.requests.count
                let second = try await bench.scan(worker)
                #expect(second.state == .completed && second.id != first.id)
                #expect(second.completeness == first.completeness)
                #expect(bench.requests(after: count) == ["HEAD manifests"])
                let after = try #require(try await bench.image())
                #expect(after.id == before.id && after.layers == before.layers && after.counts == before.counts)
            }
        }
    }

    // What one organization's registry showed is not told to another, whatever digest it can name.
    @Test func strangerPullsForItself() async throws {
        try await withBench { bench async throws in
            try await bench.working { worker async throws in
                _ = try await bench.scan(worker)
                let count = bench.server.requests.count
                #expect(try await bench.scan(worker, of: bench.stranger).image != nil)
                #expect(bench.requests(after: count).count { $0 == "GET blobs" } == 3)
            }
        }
    }

    @Test func sameDigestAtOnceIsPulledOnce() async throws {
        try await withBench { bench async throws in
            let asked = [
                try await bench.ask("1"), try await bench.ask("2"), try await bench.ask("1", of: bench.projects[1]),
            ]
            try await bench.working { _ async throws in
                for scan in asked { #expect(try await bench.ended(scan).image != nil) }
            }
            // Two layers; the small configuration may be asked for by each that comes before it is kept.
            let layers = Set(try image().layers.map(\.descriptor.digest.description))
            let pulled = bench.server.requests.compactMap { $0.path.split(separator: "/").last.map(String.init) }
            #expect(pulled.filter { layers.contains($0) }.count == 2)
        }
    }

    @Test func withoutAdvisoriesPackagesAreKnownAndFlawsAreNot() async throws {
        try await withBench { bench async throws in
            try await bench.working { worker async throws in
                let scan = try await bench.scan(worker)
                #expect(scan.state == .completedDegraded)
                #expect(scan.completeness?.contains(#""inventoryComplete":true"#) == true)
                #expect(scan.completeness?.contains(#""unknownEcosystems":["Debian:12"]"#) == true)
                #expect(scan.completeness?.contains(#""advisories""#) == false)
            }
            #expect(try await bench.image()?.packageCount == 2)
        }
    }

    // (status of every answer, category, code)
    @Test(
        arguments: [
            (503, .api, "registry-failed"), (429, .api, "rate-limited"), (404, .api, "tag-not-found"),
        ] as [(Int, ScanFailure.Category, String)]
    )
    func failureTellsItselfAndKeepsTheEarlierResult(
        status: Int,
        category: ScanFailure.Category,
        code: String
    ) async throws {
        let registry = WorkBench.registry(try image())
        let isBroken = Mutex(false)
        try await WorkBench.run { request in
            if isBroken.withLock({ $0 }) {
                return .json(#"{"errors":[{"code":"X","message":"no"}]}"#, status: status, [("Retry-After", "4000")])
            }
            return registry.handle(request)
        } _: { bench async throws in
            try await bench.importAdvice(Self.advice)
            try await bench.working { worker async throws in
                _ = try await bench.scan(worker)
                let before = try #require(try await bench.image())
                isBroken.withLock { $0 = true }
                let failure = try #require(try await bench.scan(worker).failure)
                #expect(failure.category == category && failure.code == code && failure.upstreamStatus == status)
                #expect(failure.hint?.isEmpty == false && !failure.message.isEmpty)
                #expect(try await bench.image() == before)
                #expect(try await bench.findings() == ["CVE-2026-1 a"])
            }
        }
    }

    @Test func scanWhoseCredentialIsGoneFailsWithoutARequest() async throws {
        try await withBench { bench async throws in
            try await bench.working(ScanRefused(.credentialUnlinked)) { worker async throws in
                let scan = try await bench.scan(worker)
                #expect(scan.state == .failed && scan.failure == .credentialUnlinked)
            }
            #expect(bench.server.requests.isEmpty)
        }
    }

    /// A registry that sends the manifest and stalls at every layer.
    private func withStall(_ body: (WorkBench, String) async throws -> Void) async throws {
        let image = try image()
        let registry = WorkBench.registry(image)
        let layers = image.layers.map(\.descriptor.digest.description)
        try await WorkBench.run { request in
            if layers.contains(where: { request.path.hasSuffix($0) }) {
                return WireAnswer(steps: [.send(WireAnswer.head(200, [("Content-Length", "5")])), .stall])
            }
            return registry.handle(request)
        } _: { bench async throws in
            try await body(bench, layers[0])
        }
    }

    @Test func cancelledScanEndsWhileItPulls() async throws {
        try await withStall { bench, layer async throws in
            try await bench.working { worker async throws in
                let asked = try await bench.ask()
                worker.wake()
                #expect(await eventually { bench.server.requests.contains { $0.path.hasSuffix(layer) } })
                _ = try await bench.database.write { session in
                    try ScanStore(session).cancel(asked.id, in: asked.request.project, at: bench.now)
                }
                // The next sign of life hears of it.
                await bench.time.someoneSleeps(atMost: .seconds(2))
                bench.time.advance(by: .seconds(2))
                #expect(try await bench.ended(asked).state == .cancelled)
            }
            #expect(try await bench.image() == nil)
        }
    }

    // What is in the database is as old as the last sign of life; its own process knows better.
    @Test func stepOfARunningScanIsToldBeforeTheNextSignOfLife() async throws {
        try await withStall { bench, layer async throws in
            try await bench.working { worker async throws in
                let asked = try await bench.ask()
                #expect(worker.current(asked) == asked && !worker.isRunning(asked.id))
                worker.wake()
                #expect(await eventually { bench.server.requests.contains { $0.path.hasSuffix(layer) } })
                let stored = try await bench.look(asked)
                #expect(stored.state == .running && stored.step == "resolve" && stored.progress == 0)
                let now = worker.current(stored)
                #expect(now.step == "pull" && now.progress >= 5 && worker.isRunning(asked.id))
                #expect(now.state == stored.state && now.attempts == stored.attempts)
            }
        }
    }

    @Test func endedScanIsToldAsItWasWritten() async throws {
        try await withBench { bench async throws in
            try await bench.working { worker async throws in
                let ended = try await bench.scan(worker)
                #expect(worker.current(ended) == ended)
                #expect(await eventually { !worker.isRunning(ended.id) })
            }
        }
    }

    @Test func stopGivesTheScanBackUnharmed() async throws {
        try await withStall { bench, layer async throws in
            let asked = try await bench.ask()
            try await bench.working { _ async throws in
                #expect(await eventually { bench.server.requests.contains { $0.path.hasSuffix(layer) } })
                #expect(try await bench.look(asked).state == .running)
            }
            let scan = try await bench.look(asked)
            #expect(scan.state == .queued && scan.attempts == 0)
        }
    }

    @Test func scanOfADeadWorkerIsResumed() async throws {
        try await withBench { bench async throws in
            let asked = try await bench.ask()
            let now = bench.now
            // The worker that took it never comes back.
            let dead = try await bench.database.write { try ScanQueue($0).claim(until: now + 60, now: now) }
            #expect(dead?.scan.id == asked.id)
            bench.time.advance(by: .seconds(60))
            try await bench.working { _ async throws in
                #expect(try await bench.ended(asked).state.isFinal)
            }
            let scan = try await bench.look(asked)
            #expect(scan.image != nil && scan.attempts == 2)
            // What the dead one would still say counts for nothing.
            let claim = try #require(dead)
            #expect(
                try await bench.database.write { try ScanQueue($0).fail(claim, .credentialDeleted, at: now) } == false
            )
        }
    }

    @Test func importedAdvisoriesAreMatchedWithoutTheRegistry() async throws {
        try await withBench { bench async throws in
            try await bench.working { worker async throws in
                #expect(try await bench.scan(worker).state == .completedDegraded)
                #expect(try await bench.findings() == [])
                let count = bench.server.requests.count
                try await bench.importAdvice(Self.advice)
                worker.wake()
                #expect(try await eventually { try await bench.findings() == ["CVE-2026-1 a"] })
                #expect(try await bench.image()?.completeness.contains(#""unknownEcosystems":[]"#) == true)
                #expect(bench.server.requests.count == count)
            }
        }
    }
}
