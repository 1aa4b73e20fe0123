import Foundation
import Storage
import Tenancy
import TestSupport
import Testing

/// Scans of the queue that wait for a moment, or for another scan.
@Suite struct ScanWaitTests {
    private let later = Date.sample.addingTimeInterval(60)

    private func withQueue(_ body: (World, ScanStore, ScanQueue, any SQLSession) throws -> Void) async throws {
        let world = try World()
        try await withTemporarySession { session in
            try world.store(in: session)
            try body(world, ScanStore(session), ScanQueue(session), session)
        }
    }

    @Test(arguments: ScanWait.allCases) func waitingScanIsClaimedWhenItsTimeComesAndNotBefore(_ wait: ScanWait)
        async throws
    {
        try await withQueue { world, scans, queue, _ in
            let id = try scans.enqueue(.sample(world), at: .sample).scan.id
            let other = try scans.enqueue(.sample(world, tag: "2"), at: .sample).scan.id
            let claim = try #require(try queue.claim(until: later, now: .sample))
            #expect(try queue.postpone(claim, for: wait, until: later, at: .sample))
            let waiting = try #require(try scans.find(id, in: world.home.projects[0].id))
            #expect(waiting.state == .queued && waiting.step == wait.rawValue && waiting.waitsUntil == later)
            #expect(waiting.attempts == 0 && waiting.startedAt == .sample)
            #expect(try queue.claim(until: later, now: .sample)?.scan.id == other)
            #expect(try queue.look(at: .sample) == .nothing && queue.claim(until: later, now: .sample) == nil)
            // Asked for again, it is the same scan.
            #expect(try scans.enqueue(.sample(world), at: .sample).scan.id == id)
            #expect(try queue.look(at: later) == .expired)
            try queue.requeueExpired(at: later, exhausted: .sample)
            let heir = try #require(try queue.claim(until: later.addingTimeInterval(60), now: later))
            #expect([id, other].contains(heir.scan.id) && heir.scan.waitsUntil == nil)
            // The lease was given up: its holder writes nothing any more.
            #expect(try !queue.postpone(claim, for: wait, until: later, at: .sample))
            #expect(try !queue.fail(claim, .sample, at: .sample))
        }
    }

    @Test func endOfATwinLetsThoseGoOnThatWaitForIt() async throws {
        try await withQueue { world, scans, queue, _ in
            var ids: [ScanID] = []
            for (number, wait) in ScanWait.allCases.enumerated() {
                ids.append(try scans.enqueue(.sample(world, tag: "\(number)"), at: .sample).scan.id)
                let claim = try #require(try queue.claim(until: later, now: .sample))
                #expect(try queue.postpone(claim, for: wait, until: later, at: .sample))
            }
            try queue.endWaits(of: ids, at: .sample)
            #expect(try queue.claim(until: later, now: .sample)?.scan.request.tag == "1", "the pause goes on")
            #expect(try queue.claim(until: later, now: .sample) == nil)
        }
    }

    @Test func waitForADeadTwinEndsWithItsProcess() async throws {
        try await withQueue { world, scans, queue, _ in
            for (number, wait) in ScanWait.allCases.enumerated() {
                _ = try scans.enqueue(.sample(world, tag: "\(number)"), at: .sample)
                let claim = try #require(try queue.claim(until: later, now: .sample))
                #expect(try queue.postpone(claim, for: wait, until: later, at: .sample))
            }
            #expect(try queue.endLeasesOfEarlierProcess(at: .sample) == 0)
            #expect(try queue.look(at: .sample) == .expired)
            try queue.requeueExpired(at: .sample, exhausted: .sample)
            #expect(try queue.claim(until: later, now: .sample)?.scan.request.tag == "1")
            #expect(try queue.claim(until: later, now: .sample) == nil)
        }
    }

    @Test func cancelledScanDoesNotWait() async throws {
        try await withQueue { world, scans, queue, _ in
            let project = world.home.projects[0].id
            let ids = try (0..<2).map { try scans.enqueue(.sample(world, tag: "\($0)"), at: .sample).scan.id }
            for isRunning in [false, true] {
                let claim = try #require(try queue.claim(until: later, now: .sample))
                if isRunning { _ = try scans.cancel(claim.scan.id, in: project, at: .sample) }
                #expect(try queue.postpone(claim, for: .pause, until: later, at: .sample))
                if !isRunning { _ = try scans.cancel(claim.scan.id, in: project, at: .sample) }
            }
            for id in ids {
                let scan = try #require(try scans.find(id, in: project))
                #expect(scan.state == .cancelled && scan.waitsUntil == nil)
            }
            #expect(try queue.look(at: later) == .nothing)
        }
    }

    /// A scan that waits has a turn that is long over: who asks for the first time must not come before everybody else for that.
    @Test func turnOfAWaitingScanIsNobodyElses() async throws {
        try await withQueue { world, scans, queue, _ in
            let (busy, calm) = (world.home.projects[0], world.away.projects[0])
            for tag in 0..<4 { _ = try scans.enqueue(.sample(world, project: busy, tag: "b\(tag)"), at: .sample) }
            let first = try #require(try queue.claim(until: later, now: .sample))
            #expect(try queue.postpone(first, for: .pause, until: later, at: .sample))
            for _ in 0..<2 { _ = try queue.claim(until: later, now: .sample) }
            for tag in 0..<2 { _ = try scans.enqueue(.sample(world, project: calm, tag: "c\(tag)"), at: .sample) }
            let order = try (0..<3).compactMap { _ in
                try queue.claim(until: later, now: .sample)?.scan.request.tag
            }
            #expect(Set(order.prefix(2)) == ["b3", "c0"] && order.last == "c1", "\(order)")
        }
    }
}
