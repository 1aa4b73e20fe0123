import Foundation
import Tenancy
import TestSupport
import Testing

@testable import Storage

/// Which numbers of days are forgotten. Source: docs/scans.md, "Search the organization".
@Suite struct OverviewRetentionTests {
    private static let today = 20_000

    /// Days of which the first project of the world has a row, each with one finding more than the one before.
    private func withDays(
        _ days: [Int],
        _ body: (World, SQLiteDatabase) async throws -> Void
    ) async throws {
        let world = try World()
        try await withTemporaryDatabase { database in
            try await database.write { session in
                try world.store(in: session)
                for (index, day) in days.enumerated() { try look(world, findings: index + 1, on: day, session) }
            }
            try await body(world, database)
        }
    }

    private func look(_ world: World, project: Int = 0, findings: Int, on day: Int, _ session: any SQLSession) throws {
        let flaws = (0..<findings).map { NewFinding.sample("CVE-\($0)") }
        try scan(
            .sample(world, project: world.home.projects[project]),
            finding: flaws,
            at: .sample + Double(day),
            in: session
        )
        try OverviewStore(session).write(OverviewStore(session).changes(), on: Day(number: Self.today + day))
    }

    private func numbers(_ world: World, _ database: SQLiteDatabase, _ days: ClosedRange<Int>) async throws -> [Int] {
        try await database.read { session in
            try OverviewStore(session).days(
                of: world.home.organization.id,
                projects: nil,
                from: Day(number: Self.today + days.lowerBound),
                to: Day(number: Self.today + days.upperBound)
            ).map(\.open.total)
        }
    }

    private func rows(_ database: SQLiteDatabase) async throws -> [Int] {
        try await database.read { session in
            try session.query("SELECT day FROM finding_day ORDER BY day", []).map {
                Int(try $0.integer(0)) - Self.today
            }
        }
    }

    // (days with a row, days with a row afterwards, how many went): ten days are kept.
    @Test(
        arguments: [
            ([], [], 0), ([0], [0], 0), ([-10], [-10], 0), ([-9], [-9], 0), ([-11], [-10], 0), ([-300], [-10], 0),
            ([-12, -11], [-10], 1), ([-12, -10], [-10], 1), ([-30, -20, -5, 0], [-10, -5, 0], 1),
            ([-30, -20, -11, -10, -9], [-10, -9], 3),
        ] as [([Int], [Int], Int)]
    )
    func daysThatAreKeptAreAsTheyWere(before: [Int], after: [Int], gone: Int) async throws {
        try await withDays(before) { world, database in
            let kept = try await numbers(world, database, -10...0)
            let rule = OverviewRetention(days: 10)
            #expect(try await rule.apply(to: database, on: Day(number: Self.today)) == gone)
            #expect(try await rows(database) == after)
            #expect(try await numbers(world, database, -10...0) == kept)
            #expect(try await rule.apply(to: database, on: Day(number: Self.today)) == 0)
        }
    }

    /// A sum over the projects that still have a row would look like one over all.
    @Test func ofDaysThatAreNotKeptNothingIsKnownOfAnyProject() async throws {
        try await withDays([-30]) { world, database in
            try await database.write { session in
                for day in [-20, -12] { try look(world, project: 1, findings: -day, on: day, session) }
            }
            #expect(try await numbers(world, database, -31 ... -29) == [0, 1, 1])
            let gone = try await OverviewRetention(days: 10).apply(to: database, on: Day(number: Self.today))
            #expect(gone == 1)
            #expect(try await numbers(world, database, -31 ... -11) == Array(repeating: 0, count: 21))
            #expect(try await numbers(world, database, -10 ... -9) == [13, 13])
        }
    }

    @Test func manyProjectsAreGoneThroughInSmallTransactions() async throws {
        try await withDays([-30]) { world, database in
            let count = OverviewRetention.batch * 2
            try await database.write { session in
                for number in 0..<count {
                    let project = Project(
                        id: ProjectID(),
                        organization: world.home.organization.id,
                        name: "more \(number)",
                        description: nil,
                        createdAt: .sample,
                        updatedAt: .sample
                    )
                    try ProjectStore(session).insert(project)
                    for day in [-30, -20] {
                        try session.execute(
                            """
                            INSERT INTO finding_day SELECT $1, organization_id, $2, critical, high, medium, low, negligible, unknown,
                                resolved, ignored, images, incomplete_images FROM finding_day WHERE project_id = $3
                            """,
                            [
                                .uuid(project.id.uuid), .integer(Self.today + day),
                                .uuid(world.home.projects[0].id.uuid),
                            ]
                        )
                    }
                }
            }
            let gone = try await OverviewRetention(days: 10).apply(to: database, on: Day(number: Self.today))
            #expect(gone == count)
            #expect(try await rows(database) == Array(repeating: -10, count: count + 1))
        }
    }
}
