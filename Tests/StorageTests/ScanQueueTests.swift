import Foundation
import Storage
import Tenancy
import TestSupport
import Testing

/// Who scans what, and when. Source: issue 5, "Queue".
@Suite struct ScanQueueTests {
    private let later = Date.sample.addingTimeInterval(60)

    private func withQueue(_ body: (World, ScanStore, ScanQueue, any SQLSession) throws -> Void) async throws {
        let world = try World()
        try await withTemporarySession { session in
            try world.store(in: session)
            try body(world, ScanStore(session), ScanQueue(session), session)
        }
    }

    @Test func sameReferenceAskedTwiceIsOneScan() async throws {
        try await withQueue { world, scans, queue, _ in
            let first = try scans.enqueue(.sample(world), at: .sample)
            #expect(first.isNew)
            #expect(first.scan.request == .sample(world))
            #expect(first.scan.state == .queued)
            let again = try scans.enqueue(.sample(world), at: .sample)
            #expect(!again.isNew && again.scan.id == first.scan.id)
            #expect(try scans.enqueue(.sample(world, tag: "2"), at: .sample).isNew)
            let claim = try #require(try queue.claim(until: later, now: .sample))
            #expect(claim.scan.id == first.scan.id)
            // What it found the tag to be may be old already.
            let second = try scans.enqueue(.sample(world), at: .sample)
            #expect(second.isNew)
            #expect(try scans.enqueue(.sample(world), at: .sample).scan.id == second.scan.id)
            #expect(try scans.enqueue(.sample(world, project: world.home.projects[1]), at: .sample).isNew)
        }
    }

    @Test func projectsTakeTurnsAndAskedComesBeforeScheduled() async throws {
        try await withQueue { world, scans, queue, _ in
            let (busy, calm) = (world.home.projects[0], world.away.projects[0])
            _ = try scans.enqueue(.sample(world, project: busy, tag: "nightly", priority: .scheduled), at: .sample)
            for tag in 1...4 { _ = try scans.enqueue(.sample(world, project: busy, tag: "b\(tag)"), at: .sample) }
            var order: [String] = []
            func claim() throws {
                if let claim = try queue.claim(until: later, now: .sample) { order.append(claim.scan.request.tag) }
            }
            try claim()
            for tag in 1...2 { _ = try scans.enqueue(.sample(world, project: calm, tag: "c\(tag)"), at: .sample) }
            for _ in 0..<8 { try claim() }
            try #require(order.count == 7)
            // Of one round, the older comes first; these were made in the same millisecond.
            let rounds = [order[0..<1], order[1..<3], order[3..<5], order[5..<6], order[6...]].map { $0.sorted() }
            #expect(rounds == [["b1"], ["b2", "c1"], ["b3", "c2"], ["b4"], ["nightly"]])
        }
    }

    @Test func askingForAScheduledScanBringsItForward() async throws {
        try await withQueue { world, scans, queue, _ in
            for tag in ["1", "2"] { _ = try scans.enqueue(.sample(world, tag: tag, priority: .scheduled), at: .sample) }
            #expect(try !scans.enqueue(.sample(world, tag: "2"), at: .sample).isNew)
            #expect(try queue.claim(until: later, now: .sample)?.scan.request.tag == "2")
        }
    }

    @Test func claimedScanIsNobodyElses() async throws {
        try await withQueue { world, scans, queue, _ in
            _ = try scans.enqueue(.sample(world), at: .sample)
            let claim = try #require(try queue.claim(until: later, now: .sample))
            #expect(claim.scan.state == .running && claim.scan.attempts == 1 && claim.scan.startedAt == .sample)
            #expect(try queue.claim(until: later, now: .sample) == nil)
            let project = claim.scan.request.project
            #expect(try scans.list(in: project, states: [.queued], page: .first).total == 0)
            #expect(try scans.list(in: project, states: [.running], page: .first).total == 1)
        }
    }

    @Test func deadWorkersScanReturnsAndTheOldWorkerWritesNothing() async throws {
        try await withQueue { world, scans, queue, _ in
            let id = try scans.enqueue(.sample(world), at: .sample).scan.id
            let dead = try #require(try queue.claim(until: later, now: .sample))
            #expect(try queue.requeueExpired(at: .sample, exhausted: .sample) == (0, 0))
            #expect(try queue.requeueExpired(at: later, exhausted: .sample) == (1, 0))
            #expect(
                try queue.heartbeat(dead, step: "pull", progress: 50, until: later, now: .sample) == .lost
            )
            let heir = try #require(try queue.claim(until: later.addingTimeInterval(60), now: later))
            #expect(heir.scan.id == id && heir.scan.attempts == 2)
            #expect(try queue.finish(dead, .sample([]), at: later) == nil)
            #expect(try !queue.fail(dead, .sample, at: later))
            #expect(try queue.finish(heir, .sample([]), at: later) != nil)
            #expect(try scans.find(id, in: world.home.projects[0].id)?.state == .completed)
            #expect(try queue.finish(heir, .sample([]), at: later) == nil)
        }
    }

    @Test func scanOfADeadProcessWaitsForNoLease() async throws {
        try await withQueue { world, scans, queue, _ in
            let id = try scans.enqueue(.sample(world), at: .sample).scan.id
            let dead = try #require(try queue.claim(until: later, now: .sample))
            #expect(try queue.look(at: .sample) == .nothing)
            #expect(try queue.endLeasesOfEarlierProcess(at: .sample) == 1)
            #expect(try queue.look(at: .sample) == .expired)
            #expect(try queue.requeueExpired(at: .sample, exhausted: .sample) == (1, 0))
            let heir = try #require(try queue.claim(until: later, now: .sample))
            #expect(heir.scan.id == id && heir.scan.attempts == 2)
            #expect(try queue.finish(dead, .sample([]), at: .sample) == nil)
        }
    }

    /// Another node on PostgreSQL may be alive: its lease must run out.
    @Test func leasesOfOtherNodesAreLeftAlone() async throws {
        try await withQueue { world, scans, _, session in
            _ = try scans.enqueue(.sample(world), at: .sample)
            let claim = try #require(try ScanQueue(session).claim(until: later, now: .sample))
            let ofManyNodes = ScanQueue(ManyNodes(session: session))
            #expect(try ofManyNodes.endLeasesOfEarlierProcess(at: .sample) == 0)
            #expect(
                try ScanQueue(session).heartbeat(claim, step: "pull", progress: 1, until: later, now: .sample) == .held
            )
            #expect(try ScanQueue(session).look(at: .sample) == .nothing)
        }
    }

    @Test func imageThatKillsItsWorkersFailsInTheEnd() async throws {
        try await withQueue { world, scans, queue, _ in
            let id = try scans.enqueue(.sample(world), at: .sample).scan.id
            for attempt in 1...ScanQueue.attemptLimit {
                #expect(try queue.claim(until: .sample, now: .sample) != nil)
                let ended = try queue.requeueExpired(at: .sample, exhausted: .sample)
                #expect(ended == (attempt < ScanQueue.attemptLimit ? (1, 0) : (0, 1)))
            }
            let scan = try #require(try scans.find(id, in: world.home.projects[0].id))
            #expect(scan.state == .failed && scan.failure == .sample && scan.finishedAt == .sample)
        }
    }

    @Test func shutdownCostsNoAttempt() async throws {
        try await withQueue { world, scans, queue, _ in
            _ = try scans.enqueue(.sample(world), at: .sample)
            let claim = try #require(try queue.claim(until: later, now: .sample))
            try queue.release(claim, at: .sample)
            #expect(try queue.claim(until: later, now: .sample)?.scan.attempts == 1)
        }
    }

    @Test func shutdownEndsWhatSomebodyCancelled() async throws {
        try await withQueue { world, scans, queue, _ in
            let (id, project) = (try scans.enqueue(.sample(world), at: .sample).scan.id, world.home.projects[0].id)
            let claim = try #require(try queue.claim(until: later, now: .sample))
            _ = try scans.cancel(id, in: project, at: .sample)
            #expect(try queue.release(claim, at: later))
            let scan = try #require(try scans.find(id, in: project))
            #expect(scan.state == .cancelled && scan.finishedAt == later)
            #expect(try queue.claim(until: later, now: later) == nil)
            #expect(try !queue.release(claim, at: later))
        }
    }

    @Test func heartbeatTellsOfTheCancelAndProgressIsKept() async throws {
        try await withQueue { world, scans, queue, _ in
            let (id, project) = (try scans.enqueue(.sample(world), at: .sample).scan.id, world.home.projects[0].id)
            let claim = try #require(try queue.claim(until: later, now: .sample))
            #expect(try queue.heartbeat(claim, step: "pull", progress: 140, until: later, now: .sample) == .held)
            #expect(try scans.find(id, in: project)?.progress == 100)
            #expect(try scans.find(id, in: project)?.step == "pull")
            #expect(try scans.cancel(id, in: project, at: .sample)?.isCancelAsked == true)
            #expect(
                try queue.heartbeat(claim, step: "pull", progress: 9, until: later, now: .sample) == .cancelAsked
            )
            #expect(try queue.finish(claim, .sample([]), at: .sample) == nil)
            #expect(try queue.endCancelled(claim, at: .sample))
            #expect(try scans.find(id, in: project)?.state == .cancelled)
        }
    }

    @Test func cancelOfAWaitingScanEndsItAndOfAnEndedOneChangesNothing() async throws {
        try await withQueue { world, scans, queue, _ in
            let (id, project) = (try scans.enqueue(.sample(world), at: .sample).scan.id, world.home.projects[0].id)
            #expect(try scans.cancel(id, in: world.home.projects[1].id, at: .sample) == nil)
            let cancelled = try scans.cancel(id, in: project, at: .sample)
            #expect(cancelled?.state == .cancelled)
            #expect(try queue.claim(until: later, now: .sample) == nil)
            #expect(try scans.cancel(id, in: project, at: later) == cancelled)
        }
    }

    @Test func cancelledScanOfADeadWorkerIsCancelled() async throws {
        try await withQueue { world, scans, queue, _ in
            let (id, project) = (try scans.enqueue(.sample(world), at: .sample).scan.id, world.home.projects[0].id)
            _ = try queue.claim(until: .sample, now: .sample)
            _ = try scans.cancel(id, in: project, at: .sample)
            #expect(try queue.requeueExpired(at: .sample, exhausted: .sample) == (0, 0))
            #expect(try scans.find(id, in: project)?.state == .cancelled)
        }
    }

    @Test(arguments: [false, true])
    func waitingScanFailsWithItsCredential(isUnlinked: Bool) async throws {
        try await withQueue { world, scans, _, session in
            let credential = try world.storeCredential(of: world.home, in: session)
            let project = world.home.projects[0]
            let links = CredentialLinkStore(session)
            try links.insert(credential, project: project.id, at: .sample)
            let id = try scans.enqueue(.sample(world, credential: credential.id), at: .sample).scan.id
            if isUnlinked {
                try links.replace(credential, projects: [], at: .sample)
            } else {
                let store = CredentialStore(session)
                #expect(try store.delete(credential.id, kind: credential.kind, in: credential.organization))
            }
            let scan = try #require(try scans.find(id, in: project.id))
            #expect(scan.state == .failed)
            #expect(scan.failure == (isUnlinked ? .credentialUnlinked : .credentialDeleted))
            #expect(scan.request.usesCredential)
            #expect((scan.request.credential == nil) == !isUnlinked)
        }
    }

    @Test func listIsOfOneProjectNewestFirst() async throws {
        try await withQueue { world, scans, queue, _ in
            let project = world.home.projects[0].id
            var ids: [ScanID] = []
            for tag in 1...3 { ids.append(try scans.enqueue(.sample(world, tag: "\(tag)"), at: .sample).scan.id) }
            _ = try queue.claim(until: later, now: .sample)
            _ = try scans.enqueue(.sample(world, project: world.home.projects[1]), at: .sample)
            let newest = ids.sorted { $0.description > $1.description }
            #expect(try scans.list(in: project, page: .first).items.map(\.id) == newest)
            let running = try scans.list(in: project, states: [.running], page: .first)
            #expect(running.total == 1 && running.items.map(\.id) == [ids[0]])
            #expect(try scans.list(in: project, page: Page(number: 2, size: 2)).items.count == 1)
        }
    }
}

/// A session that says it is of the engine for many nodes.
private struct ManyNodes: SQLSession {
    let session: any SQLSession
    var dialect: SQLDialect { .postgresql }

    func execute(_ sql: String, _ values: [SQLValue]) throws -> Int { try session.execute(sql, values) }

    func query(_ sql: String, _ values: [SQLValue]) throws -> [SQLRow] { try session.query(sql, values) }
}
