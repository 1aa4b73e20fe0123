import Foundation
import Tenancy
import TestSupport
import Testing

@testable import Storage

/// Which scans are forgotten. Source: docs/scans.md, "How long scans are kept".
@Suite struct ScanRetentionTests {
    private let day: TimeInterval = 86_400

    private func withScans(_ body: (World, SQLiteDatabase) async throws -> Void) async throws {
        let world = try World()
        try await withTemporaryDatabase { database in
            try await database.write { try world.store(in: $0) }
            try await body(world, database)
        }
    }

    private func tags(_ world: World, _ database: SQLiteDatabase) async throws -> [String] {
        try await database.read { session in
            try ScanStore(session).list(in: world.home.projects[0].id, page: Page(number: 1, size: 2_000)).items
        }.map(\.request.tag).sorted()
    }

    @Test func oldScansGoButTheNewestOfAnImageAndThoseThatHaveNotEnded() async throws {
        try await withScans { world, database in
            let now = Date.sample
            try await database.write { session in
                // Twice the same image: the first scan is nobody's newest.
                for age in [100, 95] {
                    try scan(.sample(world, tag: "a"), finding: [], at: now - Double(age) * day, in: session)
                }
                try scan(.sample(world, tag: "b"), finding: [], at: now - 10 * day, in: session)
                let old = now - 100 * day
                for tag in ["failed", "waits"] { _ = try ScanStore(session).enqueue(.sample(world, tag: tag), at: old) }
                let claim = try ScanQueue(session).claim(until: old, now: old)
                if let claim { _ = try ScanQueue(session).fail(claim, .sample, at: old) }
            }
            #expect(try await tags(world, database) == ["a", "a", "b", "failed", "waits"])
            let rule = ScanRetention(age: 90 * day, count: 100)
            #expect(try await rule.apply(to: database, at: now) == 2)
            #expect(try await tags(world, database) == ["a", "b", "waits"])
            #expect(try await rule.apply(to: database, at: now) == 0)
            let images = try await database.read {
                try ImageStore($0).list(in: world.home.projects[0].id, page: .first).total
            }
            #expect(images == 2)
        }
    }

    @Test func projectKeepsSoManyOfItsEndedScans() async throws {
        try await withScans { world, database in
            let other = world.home.projects[1]
            try await database.write { session in
                for _ in 0..<7 { try scan(.sample(world, tag: "a"), finding: [], in: session) }
                for _ in 0..<3 { try scan(.sample(world, project: other), finding: [], in: session) }
                _ = try ScanStore(session).enqueue(.sample(world, tag: "waits"), at: .sample)
            }
            // The newest of the image stays beside the three where ids of one millisecond put it behind them.
            let gone = try await ScanRetention(age: 90 * day, count: 3).apply(to: database, at: .sample)
            #expect((3...4).contains(gone))
            #expect(try await tags(world, database) == Array(repeating: "a", count: 7 - gone) + ["waits"])
            let others = try await database.read { try ScanStore($0).list(in: other.id, page: .first).total }
            #expect(others == 3)
        }
    }

    @Test func manyScansGoInSmallTransactions() async throws {
        try await withScans { world, database in
            try await database.write { session in
                for number in 0..<(ScanRetention.batch * 2 + 1) {
                    let scan = try ScanStore(session).enqueue(.sample(world, tag: "\(number)"), at: .sample).scan
                    _ = try ScanStore(session).cancel(scan.id, in: scan.request.project, at: .sample)
                }
            }
            let rule = ScanRetention(age: day, count: 10_000)
            #expect(try await rule.apply(to: database, at: .sample + 2 * day) == ScanRetention.batch * 2 + 1)
            #expect(try await tags(world, database) == [])
        }
    }
}
