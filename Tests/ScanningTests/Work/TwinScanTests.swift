import ImageFixtures
import OCI
import RegistryStubs
import Scanning
import Storage
import Synchronization
import TestSupport
import Testing

/// Scans of an image that another one reads already wait in the queue, and not with a worker.
@Suite(.timeLimit(.minutes(2))) struct TwinScanTests {
    private static let twins = (0..<10).map { "twin-\($0)" }

    /// A registry with one image under many tags, the own layer of which is held back until a gate opens, and another image.
    private final class Held: Sendable {
        let image: ImageFixture
        let gate = Gate()
        /// What is answered about the held layer in place of it, one after the other.
        let answers = Mutex<[WireAnswer]>([])
        private let registry: ImageRegistry

        init() throws {
            image = try Sample.image([["base 1"], ["base 1", "own 1"]])
            let other = try Sample.image([["other 1"]])
            var manifests = ["other": (mediaType: other.mediaType.rawValue, bytes: other.manifest)]
            for tag in twins + [image.digest.description] {
                manifests[tag] = (image.mediaType.rawValue, image.manifest)
            }
            manifests[other.digest.description] = manifests["other"]
            let blobs = (image.blobs.map { $0 } + other.blobs.map { $0 }).map { ($0.0.description, $0.1) }
            registry = ImageRegistry(manifests: manifests, blobs: Dictionary(blobs) { first, _ in first })
        }

        var layer: String { image.layers[1].descriptor.digest.description }

        func handle(_ request: WireRequest) async -> WireAnswer {
            guard request.path.hasSuffix(layer) else { return registry.handle(request) }
            await gate.pass()
            let answer = answers.withLock { $0.isEmpty ? nil : $0.removeFirst() }
            return answer ?? registry.handle(request)
        }
    }

    /// Ten scans of one image, of which one reads while the others wait for it.
    private func withTwins(_ body: (WorkBench, Held, ScanWorker, [Scan]) async throws -> Void) async throws {
        let held = try Held()
        try await WorkBench.run({ await held.handle($0) }) { bench async throws in
            var asked: [Scan] = []
            for tag in Self.twins { asked.append(try await bench.ask(tag)) }
            try await bench.working { worker async throws in
                worker.wake()
                let waitsForOne = try await eventually {
                    var steps: [String: Int] = [:]
                    for scan in asked { steps[worker.current(try await bench.look(scan)).step, default: 0] += 1 }
                    return steps == ["pull": 1, "twin": 9]
                }
                #expect(waitsForOne)
                try await body(bench, held, worker, asked)
                held.gate.open()
            }
        }
    }

    @Test func twinsLeaveTheOtherProjectsAWorker() async throws {
        try await withTwins { bench, held, worker, asked async throws in
            for project in [bench.projects[1], bench.stranger] {
                let other = try await bench.scan(worker, "other", of: project)
                #expect(other.image != nil && other.attempts == 1, "\(other)")
            }
            // The gate is still shut.
            for scan in asked { #expect(try await !bench.look(scan).state.isFinal) }
            held.gate.open()
            for scan in asked {
                let ended = try await bench.ended(scan)
                #expect(ended.image != nil && ended.attempts == 1 && ended.waitsUntil == nil, "\(ended)")
            }
            #expect(bench.server.requests.count { $0.path.hasSuffix(held.layer) } == 1, "pulled twice")
        }
    }

    /// One that fails leaves the work to the next.
    @Test func twinsOfAScanThatFailsAreMade() async throws {
        try await withTwins { bench, held, _, asked async throws in
            held.answers.withLock { $0 = [.status(404)] }
            held.gate.open()
            var ends: [Scan] = []
            for scan in asked { ends.append(try await bench.ended(scan)) }
            #expect(ends.count { $0.state == .failed } == 1, "\(ends)")
            #expect(ends.count { $0.image != nil } == 9)
        }
    }

    @Test func cancelledTwinEndsAtOnce() async throws {
        try await withTwins { bench, _, _, asked async throws in
            let waiting = try #require(
                try await asked.asyncFirst { try await bench.look($0).step == ScanWait.twin.rawValue }
            )
            let ended = try await bench.database.write { session in
                try ScanStore(session).cancel(waiting.id, in: waiting.request.project, at: bench.now)
            }
            #expect(ended?.state == .cancelled && ended?.waitsUntil == nil)
        }
    }
}

extension Sequence {
    fileprivate func asyncFirst(_ condition: (Element) async throws -> Bool) async rethrows -> Element? {
        for element in self where try await condition(element) { return element }
        return nil
    }
}
