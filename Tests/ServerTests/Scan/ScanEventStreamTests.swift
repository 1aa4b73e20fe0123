import Foundation
import HTTPTypes
import Registries
import RegistryStubs
import Scanning
import Synchronization
import Tenancy
import TestSupport
import Testing

@testable import Server
@testable import Storage

/// What one client is told of one scan, and when. Source: issue 5, "server-sent progress".
@Suite(.timeLimit(.minutes(5))) struct ScanEventStreamTests {
    /// A scan in a database, a worker that knows better, and a client.
    private final class Scene: Sendable {
        let time = ManualTime()
        let stored: Mutex<Scan?>
        let live = Mutex<(step: String, progress: Int)?>(nil)
        let isWanted = Mutex(true)
        let looks = Mutex(0)
        let told = Mutex<[String]>([])
        let first: Scan

        init() {
            let moment = Date(timeIntervalSince1970: 1_700_000_000)
            let request = ScanRequest(
                organization: OrganizationID(),
                project: ProjectID(),
                credential: nil,
                askedBy: nil,
                image: "registry.example/app:1",
                repository: "registry.example/app",
                tag: "1"
            )
            first = Scan(
                id: ScanID(),
                request: request,
                state: .queued,
                step: "queued",
                progress: 0,
                attempts: 0,
                isCancelAsked: false,
                createdAt: moment,
                updatedAt: moment
            )
            stored = Mutex(first)
        }

        func change(_ state: Scan.State, _ step: String, _ progress: Int) {
            stored.withLock { scan in
                scan?.state = state
                scan?.step = step
                scan?.progress = progress
            }
        }

        var events: [String] {
            told.withLock { $0 }.flatMap { $0.split(separator: "\n") }.compactMap { line in
                line.hasPrefix("event: ") || line.hasPrefix(":") ? String(line) : nil
            }
        }

        /// Runs the stream beside `body`; returns when the stream has ended.
        func run(_ body: (Scene) async throws -> Void) async throws {
            let clock = ScanClock(
                now: { Date(timeIntervalSince1970: 1_700_000_000 + self.time.now / .seconds(1)) },
                sleep: time.time.sleep
            )
            let stream = ScanEventStream(
                look: {
                    self.looks.withLock { $0 += 1 }
                    return self.stored.withLock { $0 }
                },
                current: { scan in
                    guard let live = self.live.withLock({ $0 }) else { return scan }
                    var scan = scan
                    (scan.step, scan.progress) = live
                    return scan
                },
                isHere: { _ in self.live.withLock { $0 != nil } },
                isWanted: { self.isWanted.withLock { $0 } },
                clock: clock
            )
            async let ended: Void = stream.run(from: first) { text in self.told.withLock { $0.append(text) } }
            try await body(self)
            try await ended
        }

        /// Makes a change while the stream waits, and lets it look once more after `step`.
        func pass(_ step: Duration = ScanEventStream.interval, _ change: () -> Void = {}) async {
            await time.someoneSleeps(atMost: ScanEventStream.interval)
            change()
            time.advance(by: step)
        }
    }

    @Test func everyChangeIsToldOnceAndTheEndWithTheWholeScan() async throws {
        let scene = Scene()
        try await scene.run { scene async in
            await scene.pass()
            await scene.pass { scene.change(.running, "pull", 40) }
            await scene.pass()
            await scene.pass()
            await scene.pass { scene.change(.completed, "finished", 100) }
        }
        #expect(scene.events == ["event: progress", "event: progress", "event: end"])
        let told = scene.told.withLock { $0 }
        #expect(told.map { $0.hasSuffix("\n\n") } == [true, true, true])
        #expect(told[0].hasPrefix("retry: 3000\nid: 1\n") && told[1].hasPrefix("id: 2\n"))
        let second = try #require(told[1].firstRange(of: "data: "))
        let progress = try TestJSON(told[1][second.upperBound...].utf8.dropLast(2))
        #expect(progress["state"] == "running" && progress["step"] == "pull" && progress["progress"] == 40)
        let end = try #require(told[2].firstRange(of: "data: "))
        #expect(try TestJSON(told[2][end.upperBound...].utf8.dropLast(2))["image"] == "registry.example/app:1")
    }

    @Test func workersWordIsShownBetweenLooksIntoTheDatabase() async throws {
        let scene = Scene()
        scene.live.withLock { $0 = ("pull", 10) }
        try await scene.run { scene async in
            for progress in 11...13 { await scene.pass { scene.live.withLock { $0 = ("pull", progress) } } }
            await scene.time.someoneSleeps(atMost: ScanEventStream.interval)
            #expect(scene.looks.withLock { $0 } == 0)
            #expect(scene.events.count == 4)
            scene.time.advance(by: ScanEventStream.interval)
            await scene.time.someoneSleeps(atMost: ScanEventStream.interval)
            #expect(scene.looks.withLock { $0 } == 1)
            // The worker is done: its word counts no more.
            scene.live.withLock { $0 = nil }
            scene.change(.completedDegraded, "finished", 100)
            scene.time.advance(by: ScanEventStream.interval)
        }
        #expect(scene.events.last == "event: end")
    }

    @Test func silentStreamLivesByCommentsAndEndsAfterHalfAnHour() async throws {
        let scene = Scene()
        try await scene.run { scene async in
            for _ in 0..<120 { await scene.pass(.seconds(15)) }
        }
        #expect(scene.events == ["event: progress"] + Array(repeating: ": still there", count: 119))
    }

    @Test(arguments: [true, false]) func streamEndsWithTheClientAndWithTheScansRow(isClientGone: Bool) async throws {
        let scene = Scene()
        try await scene.run { scene async in
            await scene.pass {
                if isClientGone { scene.isWanted.withLock { $0 = false } } else { scene.stored.withLock { $0 = nil } }
            }
        }
        #expect(scene.events == ["event: progress"])
    }
}
