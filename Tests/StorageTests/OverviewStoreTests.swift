import Foundation
import Storage
import Tenancy
import TestSupport
import Testing

/// Numbers of findings, day by day.
@Suite struct OverviewStoreTests {
    private static let start = Day(number: 20_000)

    private func withOverview(_ body: (World, OverviewStore, any SQLSession) throws -> Void) async throws {
        let world = try World()
        try await withTemporarySession { session in
            try world.store(in: session)
            try body(world, OverviewStore(session), session)
        }
    }

    private func look(_ store: OverviewStore, on day: Int) throws {
        try store.write(store.changes(), on: Day(number: Self.start.number + day))
    }

    private func days(_ world: World, _ store: OverviewStore, _ first: Int, _ last: Int) throws -> [FindingNumbers] {
        try store.days(
            of: world.home.organization.id,
            projects: nil,
            from: Day(number: Self.start.number + first),
            to: Day(number: Self.start.number + last)
        )
    }

    @Test func dayWithoutALookIsAsTheOneBefore() async throws {
        try await withOverview { world, store, session in
            try scan(.sample(world), finding: [.sample("CVE-1"), .sample("CVE-2")], in: session)
            try look(store, on: 0)
            #expect(try store.changes().isEmpty)
            try scan(.sample(world), finding: [.sample("CVE-1")], at: .sample + 60, in: session)
            try look(store, on: 3)
            #expect(try days(world, store, -1, 4).map(\.open.total) == [0, 2, 2, 2, 1, 1])
            #expect(try days(world, store, -1, 4).map(\.images) == [0, 1, 1, 1, 1, 1])
            #expect(try days(world, store, 2, 2).map(\.open.total) == [2])
            #expect(try days(world, store, 3, 2).isEmpty)
        }
    }

    @Test func lastLookOfADayCounts() async throws {
        try await withOverview { world, store, session in
            try scan(.sample(world), finding: [.sample("CVE-1")], in: session)
            try look(store, on: 0)
            try scan(.sample(world), finding: [], at: .sample + 60, in: session)
            try look(store, on: 1)
            // Back to what the day before had.
            try scan(.sample(world), finding: [.sample("CVE-1")], at: .sample + 120, in: session)
            try look(store, on: 1)
            #expect(try days(world, store, 0, 1).map(\.open.total) == [1, 1])
        }
    }

    @Test func decidedFindingsAreCountedApart() async throws {
        try await withOverview { world, store, session in
            try scan(.sample(world), finding: [.sample("CVE-1"), .sample("CVE-2"), .sample("CVE-3")], in: session)
            let (findings, project) = (FindingStore(session), world.home.projects[0].id)
            let ids = try findings.list(in: project, page: .first).findings.map(\.id)
            for (id, status) in zip(ids, [FindingStatus.ignored, .resolved, .confirmed]) {
                let decision = FindingDecision(
                    status: status,
                    reason: nil,
                    author: nil,
                    decidedAt: .sample,
                    expiresAt: nil
                )
                _ = try findings.decide(decision, on: [id], in: project)
            }
            let now = try store.current(of: world.home.organization.id, projects: nil)
            #expect((now.open.total, now.ignored, now.resolved) == (1, 1, 1))
            try look(store, on: 0)
            #expect(try days(world, store, 0, 0) == [now])
        }
    }

    @Test func deletedImageIsGoneFromTheDayOnAndADeletedProjectFromAllDays() async throws {
        try await withOverview { world, store, session in
            try scan(.sample(world), finding: [.sample("CVE-1")], in: session)
            try look(store, on: 0)
            let (images, project) = (ImageStore(session), world.home.projects[0].id)
            for id in try images.identifiers(in: project) { _ = try images.delete(id, in: project) }
            try look(store, on: 1)
            #expect(try days(world, store, 0, 2).map(\.open.total) == [1, 0, 0])
            #expect(try days(world, store, 0, 2).map(\.images) == [1, 0, 0])
            let late = try store.changes()
            try ProjectStore(session).delete(project)
            try store.write(late, on: Day(number: Self.start.number + 2))
            #expect(try days(world, store, 0, 2).map(\.open.total) == [0, 0, 0])
        }
    }

    @Test func onlyTheProjectsThatAreAskedForAreCounted() async throws {
        try await withOverview { world, store, session in
            try scan(.sample(world), finding: [.sample("CVE-1")], in: session)
            try look(store, on: 0)
            let (home, away) = (world.home.organization.id, world.away.organization.id)
            let project = world.home.projects[0].id
            #expect(try store.current(of: home, projects: [project]).open.total == 1)
            #expect(try store.current(of: home, projects: []).open.total == 0)
            #expect(try store.current(of: away, projects: nil).images == 0)
            #expect(try store.current(of: away, projects: [project]).images == 0)
            #expect(try store.days(of: away, projects: [project], from: Self.start, to: Self.start)[0].images == 0)
        }
    }

    @Test(arguments: [(0.0, 0), (86_399.9, 0), (86_400, 1), (-1, -1)])
    func dayIsOfUTC(time: Double, number: Int) {
        #expect(Day(Date(timeIntervalSince1970: time)).number == number)
    }
}
