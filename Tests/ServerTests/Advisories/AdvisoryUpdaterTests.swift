import Advisories
import Foundation
import Logging
import Registries
import RegistryStubs
import Scanning
import Synchronization
import TestSupport
import Testing

@testable import Server

/// When advisories are fetched, and what is told of it. Source: issue 5, "fetched on a schedule from a configured URL".
@Suite(.timeLimit(.minutes(1))) struct AdvisoryUpdaterTests {
    private struct Broken: Error, CustomStringConvertible { let description = "the source is broken" }

    private final class Scene: Sendable {
        let time = ManualTime()
        let path: String
        let fetched = Mutex<[[String]]>([])
        let isBroken = Mutex(false)

        init(_ directory: TemporaryDirectory) { path = directory.file("advisories.sqlite") }

        var now: Date { Date(timeIntervalSince1970: 1_800_000_000 + time.now / .seconds(1)) }

        func updater(_ sources: String? = "https://advice.example/all.zip", hours: Int = 24) throws -> AdvisoryUpdater {
            let logger = Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() })
            return AdvisoryUpdater(
                try AdvisorySettings(sources: sources, intervalInHours: hours),
                library: AdvisoryLibrary(path: path, logger: logger),
                clock: ScanClock(now: { self.now }, sleep: time.time.sleep, jitter: { 0 }),
                logger: logger
            ) { addresses, date in
                self.fetched.withLock { $0.append(addresses.map(\.description)) }
                if self.isBroken.withLock({ $0 }) { throw Broken() }
                return try await Self.importOne(into: self.path, at: date)
            }
        }

        static func importOne(into path: String, at date: Date) async throws -> AdvisoryImportReport {
            try await withTemporaryDirectory { directory in
                let record = """
                    {"schema_version":"1.7.0","id":"CVE-2026-1","modified":"2026-11-20T00:00:00Z","affected":[{"package":\
                    {"ecosystem":"Debian:12","name":"zlib"},"ranges":[{"type":"ECOSYSTEM","events":[{"introduced":"0"}]}]}]}
                    """
                try Data(record.utf8).write(to: URL(fileURLWithPath: directory.file("CVE-2026-1.json")))
                return try await AdvisoryImport(into: path).run(
                    [.path(directory.path)],
                    date: AdvisoryDate(date)
                )
            }
        }

        /// Lets the schedule look `count` times, a minute apart.
        func pass(_ count: Int = 1, _ step: Duration = AdvisoryUpdater.tick) async {
            for _ in 0..<count {
                await time.someoneSleeps(atMost: AdvisoryUpdater.tick)
                time.advance(by: step)
            }
            await time.someoneSleeps(atMost: AdvisoryUpdater.tick)
        }

        var count: Int { fetched.withLock { $0.count } }
    }

    private func withScene(_ body: (Scene) async throws -> Void) async throws {
        try await withTemporaryDirectory { try await body(Scene($0)) }
    }

    private func running(_ updater: AdvisoryUpdater, _ body: () async throws -> Void) async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await updater.run() }
            defer { group.cancelAll() }
            try await body()
        }
    }

    @Test func whatIsOldIsFetchedAndWhatIsFreshIsNot() async throws {
        try await withScene { scene async throws in
            let updater = try scene.updater()
            try await running(updater) {
                await scene.pass()
                #expect(await eventually { updater.imports.last != nil })
                #expect(scene.count == 1 && scene.fetched.withLock { $0 } == [["https://advice.example/all.zip"]])
                await scene.pass(20)
                #expect(scene.count == 1)
                await scene.pass(1, .seconds(24 * 3_600))
                #expect(await eventually { scene.count == 2 })
            }
            let body = await updater.body
            #expect(body["intervalHours"] == 24 && body["database"]?["records"] == 1)
            #expect(updater.metrics.contains { $0.hasSuffix(#"{outcome="failed"} 0"#) })
        }
    }

    @Test func failedFetchIsToldAndTriedAgainLater() async throws {
        try await withScene { scene async throws in
            _ = try await Scene.importOne(into: scene.path, at: scene.now.addingTimeInterval(-48 * 3_600))
            let before = try Data(contentsOf: URL(fileURLWithPath: scene.path))
            scene.isBroken.withLock { $0 = true }
            let updater = try scene.updater()
            try await running(updater) {
                await scene.pass()
                #expect(await eventually { updater.imports.last != nil })
                await scene.pass(14)
                #expect(scene.count == 1)
                await scene.pass()
                #expect(await eventually { scene.count == 2 && updater.imports.running == nil })
                let body = await updater.body
                #expect(body["import"]?["state"] == "failed" && body["import"]?["error"] == "the source is broken")
                #expect(body["database"]?["records"] == 1)
                #expect(updater.metrics.contains(#"pratique_advisory_imports_total{outcome="failed"} 2"#))
            }
            #expect(try Data(contentsOf: URL(fileURLWithPath: scene.path)) == before)
        }
    }

    @Test(arguments: [(nil, 24), ("https://advice.example/a", 0)] as [(String?, Int)])
    func withoutSourceOrIntervalNothingIsFetchedUnasked(sources: String?, hours: Int) async throws {
        try await withScene { scene async throws in
            let updater = try scene.updater(sources, hours: hours)
            try await running(updater) {
                let address = try AdvisoryAddress("https://asked.example/all.zip")
                #expect(updater.start([address]))
                #expect(await eventually { updater.imports.last != nil })
            }
            #expect(scene.fetched.withLock { $0 } == [["https://asked.example/all.zip"]])
        }
    }

    @Test func oneImportAtATime() async throws {
        try await withScene { scene async throws in
            let (updater, address) = (try scene.updater(hours: 0), try AdvisoryAddress("https://asked.example/a"))
            // Nobody works yet: the first one stands.
            #expect(updater.start([address]) && !updater.start([address]))
            #expect(updater.imports.running?.sources == ["https://asked.example/a"])
            try await running(updater) { #expect(await eventually { updater.imports.running == nil }) }
            #expect(scene.count == 1)
        }
    }

    @Test(arguments: ["http://advice.example/a", "ftp://x", "file:///etc/passwd", "advice.example", "https://"])
    func onlyHTTPSIsAnAddress(text: String) {
        #expect(throws: AdvisoryAddress.ValidationError.self) { try AdvisoryAddress(text) }
        #expect(throws: SettingsError.self) {
            try AdvisorySettings(sources: "https://a.example/x,\(text)", intervalInHours: 1)
        }
    }
}
