import Advisories
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

/// A random sequence of scans, imports, decisions and deletions gives the same findings as a model of a few lines. Source: issue 5,
/// "How it is proven".
@Suite(.timeLimit(.minutes(5))) struct FindingModelTests {
    private static let packages = ["p", "q", "r"]
    private static let tags = ["1", "2"]
    private static let steps = 40

    /// A registry whose tags stand for what the last scan shall find.
    private final class Tags: Sendable {
        private let images = Mutex<[String: ImageFixture]>([:])

        func push(_ versions: [String: Int], _ tag: String) throws {
            let image = try Sample.image([
                ["base 1"], versions.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value)" },
            ])
            images.withLock { $0[tag] = image }
        }

        func handle(_ request: WireRequest) -> WireAnswer {
            let images = images.withLock { $0 }
            var manifests: [String: (mediaType: String, bytes: [UInt8])] = [:]
            var blobs: [String: [UInt8]] = [:]
            for (tag, image) in images {
                manifests[tag] = (image.mediaType.rawValue, image.manifest)
                manifests[image.digest.description] = manifests[tag]
                for (digest, bytes) in image.blobs { blobs[digest.description] = bytes }
            }
            return ImageRegistry(manifests: manifests, blobs: blobs).handle(request)
        }
    }

    /// One run: the model, what really is, and the ids that flaws were seen under.
    private struct Run {
        var random: SeededRandom
        var model = FindingModel()
        /// Flaws that have a CVE by now; the others go by the distribution's own name.
        var withCVE: Set<Int> = []
        var ids: [FindingModel.Flaw: FindingID] = [:]
        var trail: [String] = []
        let bench: WorkBench
        let registry: Tags
        let worker: ScanWorker

        private var project: Project { bench.projects[0] }
        private var now: Double { bench.now.timeIntervalSince1970 }

        /// One thing that somebody does.
        mutating func step() async throws {
            switch Int.random(in: 0..<10, using: &random) {
            case 0...3: try await scan()
            case 4...5: try await importAdvice()
            case 6...7: try await decide()
            case 8: try await deleteImage()
            default:
                bench.time.advance(by: .seconds(Int.random(in: 1...40, using: &random)))
                trail.append("time passes")
            }
            try await check()
        }

        private mutating func scan() async throws {
            let tag = FindingModelTests.tags.randomElement(using: &random) ?? "1"
            var versions: [String: Int] = [:]
            for package in FindingModelTests.packages where Bool.random(using: &random) {
                versions[package] = Int.random(in: 1...4, using: &random)
            }
            trail.append("scan \(tag) \(versions)")
            try registry.push(versions, tag)
            let scan = try await bench.scan(worker, tag)
            #expect(scan.image != nil, "\(trail) \(scan)")
            model.images[tag] = versions
        }

        private mutating func importAdvice() async throws {
            let number = Int.random(in: 0..<5, using: &random)
            let package = FindingModelTests.packages[number % 3]
            let flaw = FindingModel.Flaw(number: number, package: package)
            let fix = Int.random(in: 1...5, using: &random)
            if model.fixes[flaw] != nil, Bool.random(using: &random) { withCVE.insert(number) }
            model.fixes[flaw] = fix
            trail.append("import \(number) \(withCVE) of \(package), fixed in \(fix)")
            // The snapshot holds what the newest advisories say, and nothing else.
            let advice = model.fixes.map { flaw, fix in
                Advice(
                    id: "DSA-100\(flaw.number)",
                    ecosystem: "Debian:12",
                    package: flaw.package,
                    fixed: "\(fix)",
                    upstream: withCVE.contains(flaw.number) ? ["CVE-2026-100\(flaw.number)"] : []
                )
            }
            try await bench.importAdvice(advice, startsEmpty: true)
            worker.wake()
        }

        private mutating func decide() async throws {
            guard let (flaw, id) = ids.sorted(by: { $0.key.number < $1.key.number }).randomElement(using: &random)
            else {
                return
            }
            let status = FindingStatus.allCases.randomElement(using: &random) ?? .ignored
            let expiry =
                Bool.random(using: &random) ? bench.now + Double.random(in: 1...60, using: &random).rounded() : nil
            trail.append("decide \(flaw) \(status) \(String(describing: expiry))")
            let decision = FindingDecision(
                status: status,
                reason: "because",
                author: nil,
                decidedAt: bench.now,
                expiresAt: expiry
            )
            let project = project.id
            let found = try await bench.database.write { try FindingStore($0).decide(decision, on: [id], in: project) }
            #expect(found == [id], "\(trail)")
            model.decisions[flaw] = .init(status: status.rawValue, expiry: expiry?.timeIntervalSince1970)
        }

        private mutating func deleteImage() async throws {
            let tag = FindingModelTests.tags.randomElement(using: &random) ?? "1"
            trail.append("delete \(tag)")
            let image = try await bench.image(tag)
            #expect((image != nil) == (model.images[tag] != nil), "\(trail)")
            guard let image else { return }
            let project = project.id
            #expect(try await bench.database.write { try ImageStore($0).delete(image.id, in: project) })
            model.images[tag] = nil
        }

        /// What is told now is what the model tells, under the ids that it was first told under, and its numbers are right.
        private mutating func check() async throws {
            let expected = model.told(at: now)
            var actual: [FindingModel.Flaw: FindingModel.Told] = [:]
            var found: [FindingModel.Flaw: FindingID] = [:]
            // An import is taken up beside; everything else is there at once.
            _ = try await eventually {
                (actual, found) = try await read()
                return actual == expected
            }
            try #require(actual == expected, "\(trail.joined(separator: "\n"))")
            model.expire(at: now)
            for (flaw, id) in found {
                #expect(ids[flaw] == nil || ids[flaw] == id, "\(flaw) became another finding\n\(trail)")
                ids[flaw] = id
            }
        }

        private func read() async throws -> ([FindingModel.Flaw: FindingModel.Told], [FindingModel.Flaw: FindingID]) {
            let (project, now) = (project.id, bench.now)
            let (findings, listing, images) = try await bench.database.write { session in
                let store = FindingStore(session)
                if try store.hasExpired(at: now) { try store.reopenExpired(at: now) }
                let listing = try store.list(in: project, page: Page(number: 1, size: 100))
                let images = try ImageStore(session).list(in: project, page: Page(number: 1, size: 100)).items
                return (try listing.findings.compactMap { try store.find($0.id, in: project) }, listing, images)
            }
            #expect(listing.total == findings.count && listing.bySeverity.total == findings.count)
            #expect(listing.byStatus == Dictionary(grouping: findings, by: \.status).mapValues(\.count))
            for image in images {
                #expect(image.counts.total == findings.count { $0.places.contains { $0.image == image.id } })
            }
            var told: [FindingModel.Flaw: FindingModel.Told] = [:]
            var ids: [FindingModel.Flaw: FindingID] = [:]
            for finding in findings {
                let flaw = FindingModel.Flaw(
                    number: finding.flaw.last?.wholeNumberValue ?? -1,
                    package: finding.packageName
                )
                #expect(told[flaw] == nil, "one flaw is told twice: \(trail)")
                told[flaw] = .init(tags: Set(finding.places.map(\.tag)).sorted(), status: finding.status.rawValue)
                ids[flaw] = finding.id
                #expect(finding.imageCount == Set(finding.places.map(\.image)).count)
            }
            return (told, ids)
        }
    }

    @Test(arguments: 1...6 as ClosedRange<UInt64>) func everySequenceGivesWhatTheModelGives(seed: UInt64) async throws {
        let registry = Tags()
        try await WorkBench.run({ registry.handle($0) }) { bench async throws in
            try await bench.working { worker async throws in
                var run = Run(random: SeededRandom(seed: seed), bench: bench, registry: registry, worker: worker)
                for _ in 0..<Self.steps { try await run.step() }
                #expect(!run.ids.isEmpty)
            }
        }
    }
}
