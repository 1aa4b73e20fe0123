import Advisories
import Foundation
import ImageFixtures
import RegistryStubs
import TestSupport
import Testing

/// Promise 4: a scan tells the truth, also when the service is killed at any moment of it. Never lost, never twice, never clean when
/// it was not read whole. Source: issue 5, "How it is proven".
@Suite("Scans of a killed service", .timeLimit(.minutes(15)))
struct ScanKillTests {
    /// `PRATIQUE_KILL_ROUNDS=50` is the whole proof; each round takes about two seconds.
    private static let rounds = ProcessInfo.processInfo.environment["PRATIQUE_KILL_ROUNDS"].flatMap { Int($0) } ?? 8

    /// What a large image has beside the four packages of the others, so that it is matched and written for a while. Some are flawed.
    private static let many = 1_000

    /// Four packages, two of which may be flawed: `a` is in every version, a `u` below 2.
    private static func image(_ name: String, round: Int, isLarge: Bool) throws -> ImageFixture {
        var packages = ["a": "1", "u\(round % 5)": "\(round % 3)", "only-\(name)-\(round)": "1"]
        if isLarge { for number in 0..<many { packages["p\(number)"] = "1" } }
        return try DebianImage.make(packages, padding: 60_000)
    }

    /// (id, package, fixed version)
    private static let advice: [(String, String, String?)] =
        [("CVE-2026-1", "a", nil)] + (0..<5).map { ("CVE-2026-2\($0)", "u\($0)", "2") }
        + stride(from: 0, to: many, by: 5).map { ("CVE-2026-4\($0)", "p\($0)", nil) }

    /// What is known of every image since a round.
    private static func flaw(of round: Int) -> String { "CVE-2026-3\(round)" }

    @Test func everyScanEndsOnceAndWithTheWholeTruthWhateverStageDies() async throws {
        let registry = StoppableRegistry()
        try await WireServer.run {
            registry.handle($0)
        } _: { wire async throws in
            let killed = try await withTemporaryDirectory { try await Self.killed(in: $0, registry, wire) }
            let undisturbed = try await withTemporaryDirectory { directory in
                try await Self.serve(in: directory, isFirst: true) { process in
                    let place = try await ScanPlace(process, directory, wire)
                    try await Self.importAdvice(directory, killed.ledger.flaws)
                    let tags = Set(killed.ledger.scans.filter { !$0.isCancelled }.map(\.tag))
                    for tag in tags.sorted() {
                        _ = try await place.ask(tag, key: tag).found("scan of \(tag)")
                    }
                    try await place.allEnded()
                    return try await place.results()
                }
            }
            #expect(killed.results == undisturbed)
            #expect(killed.results.contains { $0.contains("CVE-2026-20") }, "nothing was found at all")
        }
    }

    /// Kills the service at each stage in turn, again and again; what it tells at the end, and what it was asked for.
    private static func killed(in directory: TemporaryDirectory, _ registry: StoppableRegistry, _ wire: WireServer)
        async throws -> (results: [String], ledger: ScanLedger)
    {
        var random = SeededRandom(seed: UInt64(rounds))
        var (ledger, hits) = (ScanLedger(), [KillStage: Int]())
        var aims = (0..<rounds).map { KillStage.allCases[$0 % KillStage.allCases.count] }
        var round = 0
        // Where nothing holds a scan, it may have gone on when the kill comes: there is another round then.
        while round < aims.count {
            let stage = aims[round]
            let shot = KillShot(stage: stage, round: round)
            let images = try zip(shot.tags, ["a", "b", "c", "d"]).map { tag, name in
                (tag: tag, image: try image(name, round: round, isLarge: tag == KillShot.large))
            }
            let own = images[stage.victim].image.layers.last?.blob.count ?? 0
            let stop = stage.stop(shot.victim, own: own, &random)
            let turns = Int.random(in: 0..<(1 << Int.random(in: 0...10, using: &random)), using: &random)
            let before = ledger
            let flaws = before.flaws + (stage == .rematching ? [flaw(of: round)] : [])
            let (after, imported) = try await serve(in: directory, isFirst: round == 0) { process in
                let place = try await ScanPlace(process, directory, wire)
                if shot.round == 0 { try await importAdvice(directory, []) }
                var ledger = try await place.checked(before, registry)
                try await place.decide(shot.round, &ledger)
                // Scans of the round before have ended, so that tags may move.
                for (tag, image) in images {
                    registry.push(image, packages: 4 + (tag == KillShot.large ? many : 0), tag)
                }
                registry.stop(stop)
                let now = Date()
                if flaws != ledger.flaws { try await importAdvice(directory, flaws) }
                ledger.flaws = flaws
                await place.askAll(shot.tags, shot.round, &ledger)
                try await shot.isSeen(in: place, registry, &ledger, flaw: flaws.last)
                for _ in 0..<turns where stop == nil { await Task.yield() }
                process.kill()
                await process.logEnds()
                return (ledger, now)
            }
            ledger = after
            registry.stop(nil)
            let layers = images.map { ($0.tag, $0.image.own ?? "") }
            let remains = try await ScanRemains.read(
                in: directory,
                layers: Dictionary(uniqueKeysWithValues: layers),
                flaw: stage == .rematching ? flaws.last : nil,
                imported: imported
            )
            if remains.shows(stage, of: shot.victim) {
                hits[stage, default: 0] += 1
            } else {
                #expect(stop == nil, "\(stage) is held, and was left: \(remains)")
                if aims.count < 3 * rounds { aims.append(stage) }
            }
            round += 1
        }
        let (last, told) = (ledger, KillStage.allCases.map { "\($0) \(hits[$0, default: 0])" }.joined(separator: ", "))
        let results = try await serve(in: directory, isFirst: false) { process in
            let place = try await ScanPlace(process, directory, wire)
            _ = try await place.checked(last, registry)
            return try await place.results()
        }
        for (index, stage) in KillStage.allCases.enumerated() {
            let wanted = (rounds + KillStage.allCases.count - 1 - index) / KillStage.allCases.count
            #expect(hits[stage, default: 0] >= wanted, "\(stage) was not killed often enough: \(told)")
        }
        FileHandle.standardError.write(Data("killed while \(told), in \(aims.count) rounds\n".utf8))
        return (results, last)
    }

    /// Runs the service until it ends or `body` has returned.
    private static func serve<Result: Sendable>(
        in directory: TemporaryDirectory,
        isFirst: Bool,
        _ body: @Sendable @escaping (ServeProcess) async throws -> Result
    ) async throws -> Result {
        let arguments =
            [
                "--log-level", "notice", "--plain-http-hosts", "127.0.0.1", "--private-hosts", "127.0.0.1",
                "--scan-concurrency", "2", "--verify-interval-hours", "0",
            ] + (isFirst ? ["--bootstrap-key-file", directory.file("first-key")] : [])
        let outcome = try await withServeProcess(in: directory, arguments: arguments, body)
        #expect(outcome.exitCode == nil, "it ended by itself: \(outcome.log.suffix(3))")
        return try #require(outcome.result, "it did not start: \(outcome.log.suffix(3))")
    }

    /// Imports what is known from the beginning, and `flaws` of the package that every image has.
    private static func importAdvice(_ directory: TemporaryDirectory, _ flaws: [String]) async throws {
        let folder = directory.file("osv")
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        for (id, package, fixed) in advice + flaws.map({ ($0, "base", nil) }) {
            let record = DebianImage.advice(id, package: package, fixed: fixed)
            try Data(record.utf8).write(to: URL(fileURLWithPath: "\(folder)/\(id).json"))
        }
        _ = try await AdvisoryImport(into: directory.file("data/advisories.sqlite")).run([.path(folder)])
    }
}
