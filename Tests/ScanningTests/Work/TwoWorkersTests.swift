import Foundation
import ImageFixtures
import OCI
import RegistryStubs
import Scanning
import Storage
import Synchronization
import Tenancy
import TestSupport
import Testing

/// Two workers on one queue. Source: issue 5, "How it is proven".
@Suite(.timeLimit(.minutes(2))) struct TwoWorkersTests {
    private static let failure = ScanFailure(category: .scan, code: "never", message: "never")

    /// A registry of many tags, each an image of its own on one base.
    private static func registry(_ images: [String: ImageFixture]) -> ImageRegistry {
        var manifests: [String: (mediaType: String, bytes: [UInt8])] = [:]
        var blobs: [String: [UInt8]] = [:]
        for (tag, image) in images {
            manifests[tag] = (image.mediaType.rawValue, image.manifest)
            manifests[image.digest.description] = manifests[tag]
            for (digest, bytes) in image.blobs { blobs[digest.description] = bytes }
        }
        return ImageRegistry(manifests: manifests, blobs: blobs)
    }

    private static func own(_ image: ImageFixture?) -> String {
        image?.layers.last?.descriptor.digest.description ?? ""
    }

    @Test func everyScanIsMadeOnce() async throws {
        let tags = (0..<24).map { "t\($0)" }
        var images: [String: ImageFixture] = [:]
        for tag in tags { images[tag] = try Sample.image([["base 1"], ["base 1", "\(tag) 1"]]) }
        let registry = Self.registry(images)
        try await WorkBench.run({ registry.handle($0) }) { bench async throws in
            var asked: [Scan] = []
            for (index, tag) in tags.enumerated() {
                let project = [bench.projects[0], bench.projects[1], bench.stranger][index % 3]
                asked.append(try await bench.ask(tag, of: project))
            }
            try await bench.working { first async throws in
                try await bench.working { second async throws in
                    first.wake()
                    second.wake()
                    for scan in asked { #expect(try await bench.ended(scan).image != nil) }
                }
            }
            for (index, scan) in asked.enumerated() {
                let project = [bench.projects[0], bench.projects[1], bench.stranger][index % 3]
                #expect(try await bench.look(scan).attempts == 1)
                let image = try #require(try await bench.image(tags[index], of: project))
                #expect(image.scan == scan.id && image.packageCount == 2)
                let own = Self.own(images[tags[index]])
                #expect(bench.server.requests.count { $0.path.hasSuffix(own) } == 1, "pulled twice")
                let heads = bench.server.requests.count { $0.path.hasSuffix("/manifests/\(tags[index])") }
                #expect(heads == 1, "resolved twice")
            }
            #expect(bench.openings.value == tags.count)
        }
    }

    /// A registry that holds back the own layer of one image until a gate opens, and whose tag moves.
    private final class Held: Sendable {
        let old: ImageFixture
        let new: ImageFixture
        let gate = Gate()
        private let current: Mutex<ImageRegistry>

        init() throws {
            old = try Sample.image([["base 1"], ["base 1", "old 1"]])
            new = try Sample.image([["base 1"], ["base 1", "new 1", "newer 1"]])
            current = Mutex(TwoWorkersTests.registry(["1": old, "2": try Sample.image([["other 1"]])]))
        }

        /// Moves the tag to the new image; the old one stays under its digest.
        func move() throws {
            let registry = TwoWorkersTests.registry(["1": new, "0": old, "2": try Sample.image([["other 1"]])])
            current.withLock { $0 = registry }
        }

        func handle(_ request: WireRequest) async -> WireAnswer {
            if request.path.hasSuffix(TwoWorkersTests.own(old)) { await gate.pass() }
            return current.withLock { $0 }.handle(request)
        }
    }

    /// The scan of the tag `1` is with a worker that is held back and believed dead; another one has made it meanwhile.
    private func withTakenScan(_ body: (WorkBench, Held, ScanWorker, Scan) async throws -> Void) async throws {
        let held = try Held()
        try await WorkBench.run({ await held.handle($0) }) { bench async throws in
            let asked = try await bench.ask()
            try await bench.working(concurrency: 1) { slow async throws in
                #expect(await eventually { bench.server.requests.contains { $0.path.hasSuffix(Self.own(held.old)) } })
                try held.move()
                let later = bench.now + 61
                let requeued = try await bench.database.write {
                    try ScanQueue($0).requeueExpired(at: later, exhausted: Self.failure)
                }
                #expect(requeued == (1, 0))
                try await bench.working(concurrency: 1) { quick async throws in
                    quick.wake()
                    #expect(try await bench.ended(asked).image != nil)
                }
                try await body(bench, held, slow, asked)
            }
            let scan = try await bench.look(asked)
            #expect(scan.state == .completedDegraded && scan.attempts == 2, "\(scan)")
            let image = try #require(try await bench.image())
            #expect(image.digest == held.new.digest && image.packageCount == 3 && image.scan == asked.id)
            #expect(scan.image == image.id)
            let all = try await bench.database.read { session in
                try ImageStore(session).list(in: bench.projects[0].id, page: Page(number: 1, size: 100))
            }
            #expect(all.items.map(\.tag).sorted() == ["1", "2"])
        }
    }

    @Test func lateResultOfALostLeaseIsNotWritten() async throws {
        try await withTakenScan { bench, held, slow, _ async throws in
            // It reads on to the end of its image; what it makes next begins after that.
            held.gate.open()
            #expect(try await bench.scan(slow, "2").image != nil)
        }
    }

    @Test func workerThatHearsOfItsLostLeaseStops() async throws {
        try await withTakenScan { bench, _, slow, _ async throws in
            // The gate stays shut: only the next sign of life can free the worker.
            let next = try await bench.ask("2")
            bench.time.advance(by: .seconds(2))
            slow.wake()
            #expect(try await bench.ended(next).image != nil)
        }
    }
}
