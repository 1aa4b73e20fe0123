import Foundation
import OCI
import Storage
import Tenancy
import TestSupport
import Testing

extension ScanSchedule {
    static func sample(
        _ world: World,
        credential: CredentialID? = nil,
        tags: String = "v*",
        rhythm: Rhythm = .onChange,
        nextRunAt: Date = .sample
    ) -> ScanSchedule {
        ScanSchedule(
            organization: world.home.organization.id,
            project: world.home.projects[0].id,
            credential: credential,
            createdBy: world.home.user.id,
            repository: "registry.example/app",
            tagPattern: tags,
            branch: "main",
            rhythm: rhythm,
            nextRunAt: nextRunAt,
            createdAt: .sample
        )
    }
}

/// Schedules: whose they are, who looks for them, and what a look leaves. Source: issue 5, "Schedules".
@Suite struct ScheduleStoreTests {
    private let later = Date.sample.addingTimeInterval(300)

    private func withStores(_ body: (World, ScheduleStore, ScheduleQueue, any SQLSession) throws -> Void) async throws {
        let world = try World()
        try await withTemporarySession { session in
            try world.store(in: session)
            try body(world, ScheduleStore(session), ScheduleQueue(session), session)
        }
    }

    private func found(_ tags: [String: UInt8], due: Set<String>, existing: Set<String>? = nil) throws -> ScheduleRun {
        var run = ScheduleRun(nextRunAt: later)
        run.tags = try tags.sorted { $0.key < $1.key }.map { ($0.key, try .sample($0.value)) }
        (run.due, run.existing) = (due, existing)
        return run
    }

    @Test func scheduleIsOfItsProjectAndIsKeptWhole() async throws {
        try await withStores { world, store, _, session in
            let credential = try world.storeCredential(of: world.home, in: session)
            let schedule = ScanSchedule.sample(world, credential: credential.id)
            try store.insert(schedule)
            #expect(try store.find(schedule.id, in: schedule.project) == schedule)
            #expect(try store.find(schedule.id, in: world.home.projects[1].id) == nil)
            #expect(try store.exists(like: schedule))
            let twin = ScanSchedule.sample(world)
            #expect(throws: StorageError.self) { try store.insert(twin) }
            try store.insert(.sample(world, tags: "w*"))
            #expect(try store.list(in: schedule.project, page: Page(number: 2, size: 1)).total == 2)
            #expect(try !store.delete(schedule.id, in: world.home.projects[1].id))
            #expect(try store.delete(schedule.id, in: schedule.project))
            #expect(try store.count(in: schedule.project) == 1)
        }
    }

    @Test func dueScheduleIsOnesAndReturnsWhenItsLeaseEnds() async throws {
        try await withStores { world, store, queue, _ in
            let schedule = ScanSchedule.sample(world)
            try store.insert(schedule)
            #expect(try !queue.isDue(at: .sample.addingTimeInterval(-1)))
            #expect(try queue.claim(until: later, now: .sample.addingTimeInterval(-1)) == nil)
            let dead = try #require(try queue.claim(until: later, now: .sample))
            #expect(try !queue.isDue(at: .sample) && queue.claim(until: later, now: .sample) == nil)
            let heir = try #require(try queue.claim(until: later + 300, now: later))
            #expect(heir.schedule == schedule && heir.lease != dead.lease)
            #expect(try queue.finish(dead, found(["v1": 1], due: ["v1"]), at: later) == nil)
            try queue.release(heir)
            // Of a process that is gone, no lease is waited for.
            _ = try #require(try queue.claim(until: later + 600, now: later))
            #expect(try queue.endLeasesOfEarlierProcess() == 1)
            #expect(try queue.isDue(at: later))
        }
    }

    @Test func scheduleThatIsSwitchedOffIsNeverDue() async throws {
        try await withStores { world, store, queue, _ in
            var schedule = ScanSchedule.sample(world)
            try store.insert(schedule)
            schedule.isEnabled = false
            try store.update(schedule)
            #expect(try !queue.isDue(at: .distantFuture) && queue.claim(until: later, now: later) == nil)
        }
    }

    @Test func lookAsksForItsScansBehindThoseThatPeopleWaitFor() async throws {
        try await withStores { world, store, queue, session in
            let schedule = ScanSchedule.sample(world)
            try store.insert(schedule)
            let claim = try #require(try queue.claim(until: later, now: .sample))
            #expect(try queue.finish(claim, found(["v1": 1, "v2": 2], due: ["v2"]), at: .sample) == 1)
            _ = try ScanStore(session).enqueue(.sample(world, tag: "asked"), at: .sample)
            let first = try ScanQueue(session).claim(until: later, now: .sample)
            #expect(first?.scan.request.tag == "asked")
            let request = try #require(try ScanQueue(session).claim(until: later, now: .sample)).scan.request
            #expect(request == schedule.request(of: "v2") && request.priority == .scheduled && request.branch == "main")
            let seen = try #require(try store.find(schedule.id, in: schedule.project))
            #expect(seen.nextRunAt == later && seen.lastRunAt == .sample && seen.lastTags == 2 && seen.lastScans == 1)
            #expect(try queue.tags(of: schedule.id).mapValues(\.scans) == ["v2": 1])
        }
    }

    @Test func changeMeanwhileKeepsTheLookFromWriting() async throws {
        try await withStores { world, store, queue, session in
            var schedule = ScanSchedule.sample(world)
            try store.insert(schedule)
            let claim = try #require(try queue.claim(until: later, now: .sample))
            schedule.rhythm = .weekly
            try store.update(schedule)
            #expect(try queue.finish(claim, found(["v1": 1], due: ["v1"]), at: .sample) == nil)
            #expect(try ScanStore(session).list(in: schedule.project, page: .first).total == 0)
            #expect(try queue.claim(until: later, now: .sample)?.schedule.rhythm == .weekly)
        }
    }

    @Test func failedScansAreCountedForEachDigestAndVanishedTagsForgotten() async throws {
        try await withStores { world, store, queue, session in
            let schedule = ScanSchedule.sample(world)
            try store.insert(schedule)
            func look(_ tags: [String: UInt8], existing: Set<String>?) throws {
                guard let claim = try queue.claim(until: later, now: later) else { return }
                var run = try found(tags, due: Set(tags.keys), existing: existing)
                run.nextRunAt = .sample
                _ = try queue.finish(claim, run, at: .sample)
            }
            try look(["v1": 1], existing: ["v1"])
            let scan = try #require(try ScanQueue(session).claim(until: later, now: .sample))
            #expect(try queue.tags(of: schedule.id)["v1"]?.hasFailed == false)
            #expect(try ScanQueue(session).fail(scan, .sample, at: .sample))
            let known = try #require(try queue.tags(of: schedule.id)["v1"])
            #expect(try known.digest == Digest.sample(1).description && known.scans == 1 && known.hasFailed)
            try look(["v1": 1], existing: ["v1"])
            #expect(try queue.tags(of: schedule.id)["v1"]?.scans == 2)
            try look(["v1": 2], existing: ["v1"])
            #expect(try queue.tags(of: schedule.id)["v1"]?.scans == 1)
            // Nothing is forgotten when it is not known what is there, nor what is there and was not looked at.
            for existing in [nil, ["v1", "v2"]] as [Set<String>?] {
                try look(["v2": 1], existing: existing)
                #expect(try queue.tags(of: schedule.id).keys.sorted() == ["v1", "v2"])
            }
            try look(["v2": 1], existing: ["v2"])
            #expect(try queue.tags(of: schedule.id).keys.sorted() == ["v2"])
        }
    }

    @Test func deletedCredentialIsToldByTheSchedule() async throws {
        try await withStores { world, store, _, session in
            let credential = try world.storeCredential(of: world.home, in: session)
            let schedule = ScanSchedule.sample(world, credential: credential.id)
            try store.insert(schedule)
            let credentials = CredentialStore(session)
            #expect(try credentials.delete(credential.id, kind: credential.kind, in: credential.organization))
            let left = try #require(try store.find(schedule.id, in: schedule.project))
            #expect(left.usesCredential && left.credential == nil && left.trouble == .scheduleWithoutCredential)
            #expect(left.request(of: "v1").usesCredential)
            try ProjectStore(session).delete(schedule.project)
            #expect(try session.count("SELECT COUNT(*) FROM scan_schedule", []) == 0)
        }
    }
}
