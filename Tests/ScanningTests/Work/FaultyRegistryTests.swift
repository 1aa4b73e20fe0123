import Foundation
import ImageFixtures
import OCI
import Registries
import RegistryStubs
import Scanning
import Storage
import Synchronization
import TestSupport
import Testing

/// A registry that dies, stalls, lies or wants a pause in the middle of a scan: the whole result, or a failure that tells itself, and
/// the earlier result as it was. Source: issue 5, "How it is proven".
@Suite(.timeLimit(.minutes(2))) struct FaultyRegistryTests {
    private static let advice = [
        Advice(id: "CVE-2026-1", ecosystem: "Debian:12", package: "old", fixed: "2"),
        Advice(id: "CVE-2026-2", ecosystem: "Debian:12", package: "new", fixed: "2"),
    ]

    /// A registry whose tag moves to another image, the second layer of which meets faults.
    private final class Moving: Sendable {
        let old: ImageFixture
        let new: ImageFixture
        private let current: Mutex<ImageRegistry>
        private let lie = Mutex<(name: String, answer: WireAnswer)?>(nil)

        init() throws {
            old = try Sample.image([["base 1"], ["base 1", "old 1"]])
            var image = try Sample.image([["base 1"]])
            var random = SeededRandom(seed: 5)
            let noise = (0..<100_000).map { _ in UInt8.random(in: 0...255, using: &random) }
            try image.add { tar in
                tar.file(Array("noise".utf8), noise)
                tar.file("var/lib/dpkg/status", Sample.status(["base 1", "new 1"]))
            }
            new = image
            current = Mutex(WorkBench.registry(old))
        }

        var layer: String { new.layers[1].descriptor.digest.description }

        /// Moves the tag; the next answers about the new layer are `faults`.
        func move(_ faults: [ImageRegistry.Fault]) {
            let registry = WorkBench.registry(new)
            registry.plan(faults, for: layer)
            current.withLock { $0 = registry }
        }

        /// Answers so when something of this name is asked for; nil ends it.
        func lie(_ name: String, _ answer: WireAnswer?) { lie.withLock { $0 = answer.map { (name, $0) } } }

        func handle(_ request: WireRequest) -> WireAnswer {
            if let lie = lie.withLock({ $0 }), request.path.hasSuffix(lie.name) { return lie.answer }
            return current.withLock { $0 }.handle(request)
        }
    }

    private func withMoved(_ body: (WorkBench, Moving, ScanWorker) async throws -> Void) async throws {
        let registry = try Moving()
        try await WorkBench.run(outboundTime: ManualTime()) {
            registry.handle($0)
        } _: { bench async throws in
            try await bench.importAdvice(Self.advice)
            try await bench.working(hurries: true) { worker async throws in
                #expect(try await bench.scan(worker).state == .completed)
                #expect(try await bench.findings() == ["CVE-2026-1 old"])
                try await body(bench, registry, worker)
            }
        }
    }

    /// What of the database must not change with a scan that fails.
    private func kept(_ bench: WorkBench) async throws -> [String] {
        try await bench.database.read { session in
            try ["image", "image_package", "finding", "finding_image", "image_inventory"].flatMap { table in
                try session.query("SELECT * FROM \(table)", []).map { "\(table) \($0.values)" }.sorted()
            }
        }
    }

    private func expectWhole(_ scan: Scan, _ bench: WorkBench, _ registry: Moving) async throws {
        #expect(scan.state == .completed && scan.findingCount == 1, "\(scan)")
        let image = try #require(try await bench.image())
        #expect(image.digest == registry.new.digest && image.packageCount == 2 && image.scan == scan.id)
        #expect(try await bench.findings() == ["CVE-2026-2 new"])
    }

    private func expectFailure(
        _ scan: Scan,
        _ category: ScanFailure.Category,
        _ code: String,
        _ status: Int?,
        _ bench: WorkBench,
        before: [String]
    ) async throws {
        let failure = try #require(scan.failure, "\(scan)")
        #expect(scan.state == .failed && scan.image == nil && scan.findingCount == nil)
        #expect(failure.category == category && failure.code == code && failure.upstreamStatus == status, "\(failure)")
        #expect(failure.hint?.isEmpty == false && !failure.message.isEmpty)
        #expect(try await kept(bench) == before)
    }

    @Test(
        arguments: [
            [.cut(after: 1_000)], [.cut(after: 1_000), .cut(after: 2_000), .cut(after: 1)],
            [.cut(after: 70_000), .whole], [.answer(.status(503)), .cut(after: 10), .answer(.status(502))],
            [FaultyRegistryTests.tooMany(1), .cut(after: 1_000), FaultyRegistryTests.tooMany(40)],
        ] as [[ImageRegistry.Fault]]
    )
    func troubleThatPassesLeavesNoTrace(faults: [ImageRegistry.Fault]) async throws {
        try await withMoved { bench, registry, worker async throws in
            registry.move(faults)
            try await expectWhole(try await bench.scan(worker), bench, registry)
        }
    }

    static func tooMany(_ seconds: Int) -> ImageRegistry.Fault {
        .answer(.status(429, headers: [("Retry-After", "\(seconds)")]))
    }

    // (faults of the second layer, category, code, the registry's status)
    @Test(
        arguments: [
            (Array(repeating: .cut(after: 10), count: 40), .network, "registry-unreachable", nil),
            (Array(repeating: .answer(.status(500)), count: 40), .api, "registry-failed", 500),
            ([.cut(after: 1_000), .answer(.status(404))], .api, "registry-misbehaved", 404),
            ([.corrupt(at: 100)], .scan, "digest-mismatch", nil),
            ([.cut(after: 70_000), .corrupt(at: 80_000)], .scan, "digest-mismatch", nil),
            ([.cut(after: 1_000), .wrongPart(by: 5)], .scan, "digest-mismatch", nil),
            // Longer than a scan waits for.
            ([FaultyRegistryTests.tooMany(4_000)], .api, "rate-limited", 429),
            ([.cut(after: 1_000), FaultyRegistryTests.tooMany(4_000)], .api, "rate-limited", 429),
            ([.cut(after: 1_000), .answer(.status(401))], .authentication, "registry-auth-failed", 401),
            ([.cut(after: 1_000), .answer(.status(403))], .authentication, "insufficient-scope", 403),
        ] as [([ImageRegistry.Fault], ScanFailure.Category, String, Int?)]
    )
    func troubleThatStaysFailsAndTheEarlierResultStays(
        faults: [ImageRegistry.Fault],
        category: ScanFailure.Category,
        code: String,
        status: Int?
    ) async throws {
        try await withMoved { bench, registry, worker async throws in
            registry.move(faults)
            let before = try await kept(bench)
            try await expectFailure(try await bench.scan(worker), category, code, status, bench, before: before)
            // Nothing of it was kept that a later scan would believe, and the pause that the registry wanted ends.
            bench.outboundTime?.advance(by: .seconds(3_600))
            registry.move([])
            try await expectWhole(try await bench.scan(worker), bench, registry)
        }
    }

    /// A registry that wants a pause is not asked during it; a scan waits for its end in the queue, and says so.
    @Test func scanInThePauseOfARegistryWaitsForItsEnd() async throws {
        try await withMoved { bench, registry, worker async throws in
            registry.move([FaultyRegistryTests.tooMany(4_000)])
            let before = try await kept(bench)
            let refused = try await bench.scan(worker)
            try await expectFailure(refused, .api, "rate-limited", 429, bench, before: before)
            #expect(refused.failure?.hint?.contains("in 67 minutes") == true, "\(refused)")
            let count = bench.server.requests.count
            let asked = try await bench.ask()
            worker.wake()
            let waiting = try await bench.waiting(asked, for: .pause)
            #expect(waiting.state == .queued && waiting.attempts == 0 && waiting.failure == nil, "\(waiting)")
            // The registry is left alone for five minutes, whatever it asks for.
            let end = try #require(waiting.waitsUntil)
            #expect(end > bench.now + 290 && end < bench.now + 310)
            worker.wake()
            #expect(await eventually { !worker.isRunning(asked.id) })
            #expect(bench.server.requests.count == count)
            #expect(try await bench.ask().id == asked.id)
            bench.outboundTime?.advance(by: .seconds(310))
            try await bench.pass(until: end, worker)
            let scan = try await bench.ended(asked)
            try await expectWhole(scan, bench, registry)
            #expect(scan.attempts == 1 && scan.waitsUntil == nil)
        }
    }

    /// What was pulled before a pause that the registry wants in the middle of a scan is not pulled again.
    @Test func scanGoesOnWhenAPauseInTheMiddleIsOver() async throws {
        try await withMoved { bench, registry, worker async throws in
            registry.move([.cut(after: 1_000), FaultyRegistryTests.tooMany(900)])
            let asked = try await bench.ask()
            worker.wake()
            let end = try #require(try await bench.waiting(asked, for: .pause).waitsUntil)
            #expect(end == bench.now + 900)
            bench.outboundTime?.advance(by: .seconds(900))
            try await bench.pass(until: end, worker)
            try await expectWhole(try await bench.ended(asked), bench, registry)
        }
    }

    @Test func scanOfARegistryThatWantsPausesForEverFailsInTheEnd() async throws {
        try await withMoved { bench, registry, worker async throws in
            registry.move(Array(repeating: FaultyRegistryTests.tooMany(3), count: 1_000))
            let before = try await kept(bench)
            let (asked, began) = (try await bench.ask(), bench.now)
            worker.wake()
            let isOver = try await eventually {
                let scan = try await bench.look(asked)
                if let end = scan.waitsUntil { try await bench.pass(until: end, worker) }
                return scan.state.isFinal
            }
            #expect(isOver)
            let scan = try await bench.look(asked)
            try await expectFailure(scan, .api, "rate-limited", 429, bench, before: before)
            #expect(scan.failure?.hint?.contains("one pause after another") == true)
            #expect(bench.now > began + 3_600 && bench.now <= began + 4 * 3_600)
            let layers = bench.server.requests.count { $0.path.hasSuffix(registry.layer) }
            #expect(layers < 300, "asked again and again")
        }
    }

    // Both ways to find out are right.
    @Test(
        arguments: [[.shorter(by: 10)], [.longer(by: 10)], [.cut(after: 1_000), .shorter(by: 10)]]
            as [[ImageRegistry.Fault]]
    )
    func layerOfAnotherSizeFails(faults: [ImageRegistry.Fault]) async throws {
        try await withMoved { bench, registry, worker async throws in
            registry.move(faults)
            let before = try await kept(bench)
            let failure = try #require(try await bench.scan(worker).failure)
            #expect(["digest-mismatch", "registry-misbehaved"].contains(failure.code), "\(failure)")
            #expect(failure.hint?.isEmpty == false)
            #expect(try await kept(bench) == before)
            registry.move([])
            try await expectWhole(try await bench.scan(worker), bench, registry)
        }
    }

    /// A manifest or a configuration that is not what its digest says.
    @Test(arguments: [true, false]) func documentOfAnotherDigestFails(isManifest: Bool) async throws {
        try await withMoved { bench, registry, worker async throws in
            registry.move([])
            let bytes = (isManifest ? registry.new.manifest : registry.new.configuration) + [UInt8(ascii: " ")]
            let digest = isManifest ? registry.new.digest : ImageFixture.digest(registry.new.configuration)
            let type = isManifest ? registry.new.mediaType.rawValue : "application/octet-stream"
            registry.lie(digest.description, .bytes(bytes, [("Content-Type", type)]))
            let before = try await kept(bench)
            let scan = try await bench.scan(worker)
            let failure = try #require(scan.failure, "\(scan)")
            #expect(["digest-mismatch", "registry-misbehaved"].contains(failure.code), "\(failure)")
            #expect(try await kept(bench) == before)
            registry.lie("", nil)
            try await expectWhole(try await bench.scan(worker), bench, registry)
        }
    }

    /// Bytes stop coming, and the connection stays: the deadline between two pieces, and another try.
    @Test func stalledLayerIsTakenUpAgain() async throws {
        try await withMoved { bench, registry, worker async throws in
            registry.move([.stall(after: 50_000)])
            let asked = try await bench.ask()
            worker.wake()
            let count = bench.pauses.value
            try await pass(bench, registry) { bench.pauses.value > count }
            try await expectWhole(try await bench.ended(asked), bench, registry)
            #expect(bench.server.requests.count { $0.path.hasSuffix(registry.layer) } == 2)
        }
    }

    @Test func registryThatStallsForEverFailsTheScan() async throws {
        try await withMoved { bench, registry, worker async throws in
            registry.move(Array(repeating: .stall(after: 10), count: 40))
            let before = try await kept(bench)
            let asked = try await bench.ask()
            worker.wake()
            try await pass(bench, registry) { try await bench.look(asked).state.isFinal }
            let scan = try await bench.look(asked)
            #expect(scan.failure?.category == .network, "\(scan)")
            #expect(["registry-timeout", "registry-unreachable"].contains(scan.failure?.code ?? ""), "\(scan)")
            #expect(scan.failure?.hint?.isEmpty == false)
            #expect(try await kept(bench) == before)
        }
    }

    /// Moves the clock of those who wait for the registry from the first request for the layer until something happens.
    private func pass(
        _ bench: WorkBench,
        _ registry: Moving,
        until isOver: () async throws -> Bool
    ) async throws {
        #expect(await eventually { bench.server.requests.contains { $0.path.hasSuffix(registry.layer) } })
        let isDone = try await eventually {
            if try await isOver() { return true }
            bench.outboundTime?.advance(by: OutboundDeadlines.stream.idle / 4)
            return false
        }
        #expect(isDone)
    }
}
