import Advisories
import Foundation
import ImageFixtures
import RegistryStubs
import Storage
import TestSupport
import Testing

/// Promise 4: a scan tells the truth, also when the service is killed at any moment of it. Never lost, never twice, never clean when
/// it was not read whole. Source: issue 5, "How it is proven".
@Suite("Scans of a killed service", .timeLimit(.minutes(10)))
struct ScanKillTests {
    /// `PRATIQUE_KILL_ROUNDS=50` is the whole proof; each round takes about two seconds.
    private static let rounds = ProcessInfo.processInfo.environment["PRATIQUE_KILL_ROUNDS"].flatMap { Int($0) } ?? 10

    /// Four packages, two of which may be flawed: `a` is in every version, a `u` below 2.
    private static func image(_ name: String, round: Int) throws -> ImageFixture {
        try DebianImage.make(
            ["a": "1", "u\(round % 5)": "\(round % 3)", "only-\(name)-\(round)": "1"],
            padding: 60_000
        )
    }

    private static let advice =
        [("CVE-2026-1", "a", nil)] + (0..<5).map { ("CVE-2026-2\($0)", "u\($0)", "2") } as [(String, String, String?)]

    @Test func everyScanEndsOnceAndWithTheWholeTruth() async throws {
        let registry = MortalRegistry()
        try await WireServer.run {
            registry.handle($0)
        } _: { wire async throws in
            let killed = try await withTemporaryDirectory { try await Self.killed(in: $0, registry, wire) }
            let undisturbed = try await withTemporaryDirectory { directory in
                try await Self.serve(in: directory, isFirst: true) { process in
                    let place = try await ScanPlace(process, directory, wire)
                    try await Self.importAdvice(directory)
                    for tag in killed.tags {
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

    /// Kills the service in the middle of scans, again and again; what it tells at the end, and the tags that have a result.
    private static func killed(in directory: TemporaryDirectory, _ registry: MortalRegistry, _ wire: WireServer)
        async throws -> (results: [String], tags: [String])
    {
        var random = SeededRandom(seed: UInt64(rounds))
        var (ledger, seen) = (ScanLedger(), [String: Int]())
        for round in 0..<rounds {
            let tags = ["a\(round)", "b\(round)", "latest"]
            // The tag that moves is not asked for before its earlier scan has ended.
            let images = try tags.map { try image($0, round: round) }
            // Few turns as often as many: some deaths come while the image is matched or written, some after.
            let (kind, turns) = (
                round % 5, Int.random(in: 0..<(64 << Int.random(in: 0...12, using: &random)), using: &random)
            )
            let bytes = Int.random(in: 0..<50_000, using: &random)
            let before = ledger
            ledger = try await serve(in: directory, isFirst: round == 0) { process in
                let place = try await ScanPlace(process, directory, wire)
                if round == 0 { try await importAdvice(directory) }
                var ledger = try await place.checked(before, registry)
                try await place.decide(round, &ledger)
                for (tag, image) in zip(tags, images) { registry.push(image, tag) }
                let death: MortalRegistry.Death =
                    switch kind {
                    case 0: .silent
                    case 1: .resolving(tag: "a\(round)")
                    case 2: .pulling(tag: "latest", after: bytes)
                    default: .pulled(tag: kind == 3 ? "latest" : "b\(round)", turns: turns)
                    }
                // In every tenth round a scan is seen completed, and then the service dies; in two others it dies once the last of an
                // image was read, which is then to be matched and written.
                let (seesEnd, seesRead) = (round % 10 == 4, [8, 9].contains(round % 10))
                registry.arm(seesEnd || seesRead ? nil : death, process)
                await place.askAll(tags, round, &ledger)
                if kind == 0 {
                    // Two run, and the third waits.
                    let isAsked = await eventually { registry.unanswered.isSuperset(of: tags.prefix(2)) }
                    #expect(isAsked)
                    await place.cancel(ledger.scans.count - 2, &ledger)
                }
                if seesEnd { await place.seeCompleted(ledger.scans.count - 3, &ledger) }
                if seesRead {
                    try await isRead(images[kind - 2].own ?? "", directory)
                    for _ in 0..<turns { await Task.yield() }
                }
                if kind == 0 || seesEnd || seesRead { process.kill() }
                await process.logEnds()
                return ledger
            }
            registry.arm(nil, nil)
            let layers = Dictionary(uniqueKeysWithValues: zip(tags, images.map { $0.own ?? "" }))
            for state in try await states(directory, layers) { seen["\(kind) \(state)", default: 0] += 1 }
        }
        let last = ledger
        let results = try await serve(in: directory, isFirst: false) { process in
            let place = try await ScanPlace(process, directory, wire)
            _ = try await place.checked(last, registry)
            return try await place.results()
        }
        // What each kind of death must have met, whatever the machine: a scan that waits, one that runs.
        #expect(seen.contains { $0.key == "0 queued" } && seen.contains { $0.key == "0 running" }, "\(seen)")
        #expect(seen.contains { $0.key == "1 running" } && seen.contains { $0.key == "2 running" }, "\(seen)")
        if rounds >= 50 {
            let told = seen.sorted { $0.key < $1.key }.map { "\($0.key): \($0.value)" }.joined(separator: ", ")
            FileHandle.standardError.write(Data("states by kind of death: \(told)\n".utf8))
        }
        let tags = last.scans.filter { !$0.isCancelled }.map(\.tag)
        return (results, Set(tags).sorted())
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

    private static func importAdvice(_ directory: TemporaryDirectory) async throws {
        let folder = directory.file("osv")
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: false)
        for (id, package, fixed) in advice {
            let record = DebianImage.advice(id, package: package, fixed: fixed)
            try Data(record.utf8).write(to: URL(fileURLWithPath: "\(folder)/\(id).json"))
        }
        _ = try await AdvisoryImport(into: directory.file("data/advisories.sqlite")).run([.path(folder)])
    }

    /// Returns once the service has read a layer. Nothing of its database is open then, so that the next start finds what it left.
    private static func isRead(_ layer: String, _ directory: TemporaryDirectory) async throws {
        let database = try SQLiteDatabase(path: directory.file("data/pratique.sqlite"))
        let isKept = try await eventually {
            try await database.read { session in
                try session.count("SELECT COUNT(*) FROM layer_inventory WHERE digest = $1", [.text(layer)]) > 0
            }
        }
        await database.close()
        #expect(isKept)
    }

    /// Where the last scans stood, and whether their images had been read, in the files that the dead process left; and that these
    /// are whole. `layers` are by tag.
    private static func states(_ directory: TemporaryDirectory, _ layers: [String: String]) async throws -> [String] {
        // On a copy, so that the next start has to recover by itself.
        let copy = directory.file("copy")
        try FileManager.default.createDirectory(atPath: copy, withIntermediateDirectories: false)
        defer { try? FileManager.default.removeItem(atPath: copy) }
        for file in try FileManager.default.contentsOfDirectory(atPath: directory.file("data"))
        where file.hasPrefix("pratique.sqlite") && !file.hasSuffix("-shm") {
            try FileManager.default.copyItem(atPath: directory.file("data/\(file)"), toPath: "\(copy)/\(file)")
        }
        let database = try SQLiteDatabase(path: copy + "/pratique.sqlite")
        let states = try await database.read { session in
            #expect(try session.query("PRAGMA integrity_check", []).map { try $0.text(0) } == ["ok"])
            #expect(try session.query("PRAGMA foreign_key_check", []).isEmpty)
            let torn = """
                SELECT i.tag FROM image AS i
                WHERE i.package_count <> (SELECT COUNT(*) FROM image_package AS p WHERE p.image_id = i.id)
                    OR i.critical + i.high + i.medium + i.low + i.negligible + i.unknown <>
                        (SELECT COUNT(DISTINCT f.finding_id) FROM finding_image AS f WHERE f.image_id = i.id)
                    OR NOT EXISTS (SELECT 1 FROM image_inventory AS v WHERE v.image_id = i.id)
                """
            #expect(try session.query(torn, []).map { try $0.text(0) } == [], "a result is written whole or not at all")
            return try session.query("SELECT state, tag FROM scan ORDER BY id DESC LIMIT 3", []).compactMap { row in
                guard let layer = layers[try row.text(1)] else { return nil as String? }
                let kept = try session.count("SELECT COUNT(*) FROM layer_inventory WHERE digest = $1", [.text(layer)])
                return try row.text(0) + (kept > 0 ? ", read" : "")
            }
        }
        await database.close()
        return states
    }
}
