import Foundation
import ImageFixtures
import OCI
import Registries
import RegistryStubs
import Storage
import Synchronization
import Tenancy
import TestSupport
import Testing

@testable import Scanning

/// What a schedule asks its registry, and which scans come of it. Source: issue 5, "Schedules".
@Suite(.timeLimit(.minutes(2))) struct ScanSchedulerTests {
    /// What the tags of `team/app` stand for, by a number; and what the registry says instead.
    private final class Tags: Sendable {
        let digests = Mutex<[String: Int]>([:])
        let refusal = Mutex<WireAnswer?>(nil)
        let budget = Mutex<String?>(nil)

        func answer(_ request: WireRequest) -> WireAnswer {
            if let refusal = refusal.withLock({ $0 }) { return refusal }
            let tags = digests.withLock { $0 }
            if request.path.hasSuffix("/tags/list") {
                let names = tags.keys.sorted().map { "\"\($0)\"" }.joined(separator: ",")
                return .json(#"{"name":"team/app","tags":[\#(names)]}"#)
            }
            guard let tag = request.path.split(separator: "/").last, let number = tags[String(tag)] else {
                return .json(#"{"errors":[{"code":"MANIFEST_UNKNOWN","message":"no"}]}"#, status: 404)
            }
            let digest = "sha256:" + String(repeating: "\(number % 10)", count: 64)
            let budget = budget.withLock { $0 }.map {
                [("ratelimit-limit", "100;w=21600"), ("ratelimit-remaining", "\($0);w=21600")]
            }
            return WireAnswer(steps: [
                .send(
                    WireAnswer.head(
                        200,
                        [
                            ("Content-Type", MediaType.imageManifest.rawValue), ("Docker-Content-Digest", digest),
                            ("Content-Length", "5"),
                        ] + (budget ?? [])
                    )
                )
            ])
        }
    }

    private struct Scene {
        let bench: WorkBench
        let tags: Tags
        let scheduler: ScanScheduler
        let schedule: ScanSchedule

        /// Looks once, as if it were due; gives the tags that are scanned for it.
        func look() async throws -> [String] {
            let before = try await scans().count
            let now = bench.now
            // Long after anything that it may wait for.
            let then = now.addingTimeInterval(10_000_000)
            let claim = try await bench.database.write { try ScheduleQueue($0).claim(until: then + 300, now: then) }
            await scheduler.work(on: try #require(claim))
            return try await scans().dropFirst(before).map(\.request.tag).sorted()
        }

        func scans() async throws -> [Scan] {
            try await bench.database.read { session in
                try ScanStore(session).list(in: schedule.project, page: Page(number: 1, size: 1_000)).items
            }.reversed()
        }

        func stored() async throws -> ScanSchedule {
            try #require(
                try await bench.database.read { try ScheduleStore($0).find(schedule.id, in: schedule.project) }
            )
        }

        /// Ends every scan that waits, with a result or with none.
        func endScans(failing: Bool = false) async throws {
            let now = bench.now
            try await bench.database.write { session in
                while let claim = try ScanQueue(session).claim(until: now + 60, now: now) {
                    if failing {
                        _ = try ScanQueue(session).fail(claim, .lookOverdue, at: now)
                    } else {
                        _ = try ScanStore(session).cancel(claim.scan.id, in: claim.scan.request.project, at: now)
                        _ = try ScanQueue(session).endCancelled(claim, at: now)
                    }
                }
            }
        }
    }

    private func withScene(
        _ pattern: String,
        _ rhythm: ScanSchedule.Rhythm = .onChange,
        refusal: ScanRefused? = nil,
        _ body: (Scene) async throws -> Void
    ) async throws {
        let tags = Tags()
        try await WorkBench.run({ tags.answer($0) }) { bench async throws in
            let (outbound, port, time) = (bench.outbound, bench.server.port, bench.time)
            let scheduler = ScanScheduler(
                database: bench.database,
                registry: { _ in
                    if let refusal { throw refusal }
                    return DistributionClient(
                        outbound: outbound,
                        tokens: TokenCache(),
                        origin: try OutboundOrigin("http://127.0.0.1:\(port)")
                    )
                },
                clock: ScanClock(now: { bench.now }, sleep: time.time.sleep, jitter: { 0 }),
                logger: WorkBench.logger,
                wake: {}
            )
            let project = bench.projects[0]
            let schedule = ScanSchedule(
                organization: project.organization,
                project: project.id,
                credential: nil,
                createdBy: nil,
                repository: "127.0.0.1:\(port)/team/app",
                tagPattern: pattern,
                rhythm: rhythm,
                nextRunAt: bench.now,
                createdAt: bench.now
            )
            try await bench.database.write { try ScheduleStore($0).insert(schedule) }
            try await body(Scene(bench: bench, tags: tags, scheduler: scheduler, schedule: schedule))
        }
    }

    @Test func tagIsScannedWhenItStandsForAnotherDigest() async throws {
        try await withScene("v*") { scene async throws in
            scene.tags.digests.withLock { $0 = ["v1": 1, "v2": 2, "other": 3] }
            #expect(try await scene.look() == ["v1", "v2"])
            try await scene.endScans()
            #expect(try await scene.look() == [])
            scene.tags.digests.withLock { $0["v2"] = 4 }
            #expect(try await scene.look() == ["v2"])
            try await scene.endScans()
            scene.tags.digests.withLock { $0["v3"] = 1 }
            #expect(try await scene.look() == ["v3"])
            let stored = try await scene.stored()
            #expect(stored.lastTags == 3 && stored.lastScans == 1 && stored.failure == nil)
            #expect(stored.nextRunAt > scene.bench.now)
            // No pull was spent on looking.
            #expect(Set(scene.bench.server.requests.map(\.method)) == ["GET", "HEAD"])
            #expect(scene.bench.server.requests.allSatisfy { $0.method == "HEAD" || $0.path.hasSuffix("/tags/list") })
        }
    }

    @Test func exactTagNeedsNoList() async throws {
        try await withScene("v1") { scene async throws in
            scene.tags.digests.withLock { $0 = ["v1": 1] }
            #expect(try await scene.look() == ["v1"])
            #expect(scene.bench.server.requests.map(\.method) == ["HEAD"])
        }
    }

    @Test(arguments: [ScanSchedule.Rhythm.daily, .weekly]) func calendarScansWhatHasNotChanged(
        rhythm: ScanSchedule.Rhythm
    ) async throws {
        try await withScene("v1", rhythm) { scene async throws in
            scene.tags.digests.withLock { $0 = ["v1": 1] }
            #expect(try await scene.look() == ["v1"])
            // One that waits still is not asked for twice.
            #expect(try await scene.look() == [])
            try await scene.endScans()
            #expect(try await scene.look() == ["v1"])
        }
    }

    @Test func failedScanOfOneDigestIsTriedThreeTimes() async throws {
        try await withScene("v1") { scene async throws in
            scene.tags.digests.withLock { $0 = ["v1": 1] }
            for _ in 0..<ScheduleLook.scansOfOneDigest {
                #expect(try await scene.look() == ["v1"])
                try await scene.endScans(failing: true)
            }
            #expect(try await scene.look() == [])
            scene.tags.digests.withLock { $0["v1"] = 2 }
            #expect(try await scene.look() == ["v1"])
        }
    }

    @Test(
        arguments: [
            (401, "registry-auth-failed", 3_600), (503, "registry-failed", 300), (429, "rate-limited", 1_800),
        ] as [(Int, String, TimeInterval)]
    )
    func refusalIsToldAndNotRepeatedHot(status: Int, code: String, wait: TimeInterval) async throws {
        try await withScene("v*") { scene async throws in
            scene.tags.refusal.withLock {
                $0 = .json(#"{"errors":[]}"#, status: status, status == 429 ? [("Retry-After", "1800")] : [])
            }
            #expect(try await scene.look() == [])
            let stored = try await scene.stored()
            #expect(stored.failure?.code == code && stored.failure?.upstreamStatus == status, "\(stored)")
            #expect(stored.failures == 1 && stored.nextRunAt >= scene.bench.now + wait, "\(stored)")
            #expect(
                try await scene.bench.database.read { try !ScheduleQueue($0).isDue(at: scene.bench.now + wait - 1) }
            )
            // Of a pause that the registry wants, the way out remembers itself.
            guard status != 429 else { return }
            scene.tags.refusal.withLock { $0 = nil }
            scene.tags.digests.withLock { $0 = ["v1": 1] }
            #expect(try await scene.look() == ["v1"])
            let after = try await scene.stored()
            #expect(after.failure == nil && after.failures == 0)
        }
    }

    @Test func credentialThatIsGoneIsToldWithoutARequest() async throws {
        try await withScene("v*", refusal: ScanRefused(.credentialUnlinked)) { scene async throws in
            #expect(try await scene.look() == [])
            let stored = try await scene.stored()
            #expect(stored.failure == .scheduleCredentialUnlinked && stored.nextRunAt >= scene.bench.now + 3_600)
            #expect(scene.bench.server.requests.isEmpty)
        }
    }

    @Test func lookEndsBeforeTheRegistrysBudgetDoes() async throws {
        try await withScene("v*") { scene async throws in
            scene.tags.digests.withLock { $0 = ["v1": 1, "v2": 2, "v3": 3] }
            scene.tags.budget.withLock { $0 = "9" }
            #expect(try await scene.look() == ["v1"])
            #expect(try await scene.stored().failure?.code == "rate-budget-low")
        }
    }

    @Test func patternThatFitsNothingOrTooMuchIsTold() async throws {
        try await withScene("v*") { scene async throws in
            #expect(try await scene.look() == [])
            #expect(try await scene.stored().failure?.code == "no-tag-fits")
            scene.tags.digests.withLock { tags in for number in 100...220 { tags["v\(number)"] = number } }
            #expect(try await scene.look().count == ScheduleLook.tagLimit)
            let stored = try await scene.stored()
            #expect(stored.failure?.code == "too-many-tags" && stored.failures == 0)
            #expect(try await scene.scans().map(\.request.tag).contains("v220"))
        }
    }

    /// More tags than are looked at, and more than the registry's budget allows: those that are gone are forgotten all the same.
    @Test(arguments: [false, true]) func vanishedTagsAreForgottenByALookThatSeesAPart(isBudgetLow: Bool) async throws {
        try await withScene("v*") { scene async throws in
            func known() async throws -> Set<String> {
                Set(try await scene.bench.database.read { try ScheduleQueue($0).tags(of: scene.schedule.id).keys })
            }
            let all = (100..<350).map { "v\($0)" }
            for tags in [all.prefix(90), all[90..<180], all.suffix(90)] {
                scene.tags.digests.withLock { $0 = Dictionary(uniqueKeysWithValues: tags.map { ($0, 1) }) }
                _ = try await scene.look()
                #expect(try await known() == Set(tags))
            }
            // Ninety are gone, and more are there than are looked at.
            let left = Set(all[50..<160] + all.suffix(90).prefix(20))
            scene.tags.digests.withLock { $0 = Dictionary(uniqueKeysWithValues: left.map { ($0, 1) }) }
            if isBudgetLow { scene.tags.budget.withLock { $0 = "9" } }
            _ = try await scene.look()
            let stored = try await scene.stored()
            #expect(stored.failure?.code == (isBudgetLow ? "rate-budget-low" : "too-many-tags"))
            #expect(try await known().isSubset(of: left))
            #expect(try await known().isSuperset(of: all.suffix(90).prefix(20)))
        }
    }

    @Test func slowRegistryCostsOneLookAndNoMore() async throws {
        try await withScene("v1") { scene async throws in
            scene.tags.refusal.withLock { $0 = WireAnswer(steps: [.stall]) }
            async let looked = scene.look()
            #expect(await eventually { !scene.bench.server.requests.isEmpty })
            await scene.bench.time.someoneSleeps(atMost: ScanWorkLimits.look)
            scene.bench.time.advance(by: ScanWorkLimits.look)
            #expect(try await looked == [])
            #expect(try await scene.stored().failure == .lookOverdue)
        }
    }

    @Test func workerFollowsSchedulesAndScansThem() async throws {
        let image = try Sample.image([["a 1"]])
        let registry = WorkBench.registry(image)
        try await WorkBench.run { request in
            request.path.hasSuffix("/tags/list")
                ? .json(#"{"name":"team/app","tags":["1","2"]}"#) : registry.handle(request)
        } _: { bench async throws in
            let project = bench.projects[0]
            let schedule = ScanSchedule(
                organization: project.organization,
                project: project.id,
                credential: nil,
                createdBy: nil,
                repository: "127.0.0.1:\(bench.server.port)/team/app",
                tagPattern: "*",
                rhythm: .daily,
                nextRunAt: bench.now,
                createdAt: bench.now
            )
            try await bench.database.write { try ScheduleStore($0).insert(schedule) }
            try await bench.working { _ async throws in
                for tag in ["1", "2"] { #expect(try await eventually { try await bench.image(tag) != nil }) }
            }
            let scans = try await bench.database.read {
                try ScanStore($0).list(in: project.id, page: Page(number: 1, size: 9))
            }
            #expect(scans.items.allSatisfy { $0.request.priority == .scheduled && $0.request.askedBy == nil })
        }
    }
}
