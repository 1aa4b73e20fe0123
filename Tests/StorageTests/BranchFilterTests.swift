import Foundation
import Storage
import Tenancy
import TestSupport
import Testing

/// A project may have more branches than a mask has bits; nobody must notice.
struct BranchFilterTests {
    private func scan(
        _ tag: String,
        of branch: String?,
        finding flaw: String,
        _ world: World,
        _ session: any SQLSession
    ) throws {
        var request = ScanRequest.sample(world, tag: tag)
        request.branch = branch
        _ = try StorageTests.scan(request, finding: [.sample(flaw)], in: session)
    }

    private func flaws(of branch: String, _ world: World, _ session: any SQLSession) throws -> [String] {
        var filter = FindingFilter()
        filter.branch = branch
        let page = Page(number: 1, size: 100)
        let listing = try FindingStore(session).list(in: world.home.projects[0].id, filter, page: page)
        #expect(listing.total == listing.findings.count)
        return listing.findings.map(\.flaw).sorted()
    }

    @Test func everyBranchHasItsFindingsHoweverManyThereAre() async throws {
        let world = try World()
        try await withTemporarySession { session in
            try world.store(in: session)
            for number in 0..<70 {
                try scan("\(number)", of: "branch-\(number)", finding: "CVE-\(number)", world, session)
            }
            for number in 0..<70 {
                #expect(try flaws(of: "branch-\(number)", world, session) == ["CVE-\(number)"])
            }
            #expect(try flaws(of: "branch", world, session) == [])
        }
    }

    @Test func tagThatMovesToAnotherBranchTakesItsFindingsAlong() async throws {
        let world = try World()
        try await withTemporarySession { session in
            try world.store(in: session)
            try scan("1", of: "main", finding: "CVE-1", world, session)
            try scan("2", of: "main", finding: "CVE-2", world, session)
            try scan("1", of: "release", finding: "CVE-1", world, session)
            #expect(try flaws(of: "main", world, session) == ["CVE-2"])
            #expect(try flaws(of: "release", world, session) == ["CVE-1"])
            try scan("1", of: nil, finding: "CVE-1", world, session)
            #expect(try flaws(of: "release", world, session) == [])
        }
    }

    /// Branches come and go with every change; those that are gone give their bits to the next.
    @Test func bitsOfBranchesThatAreGoneServeOthers() async throws {
        let world = try World()
        try await withTemporarySession { session in
            try world.store(in: session)
            let project = world.home.projects[0].id
            for number in 0..<150 {
                try scan("only", of: "branch-\(number)", finding: "CVE-1", world, session)
                #expect(try flaws(of: "branch-\(number)", world, session) == ["CVE-1"])
                if number > 0 { #expect(try flaws(of: "branch-\(number - 1)", world, session) == []) }
            }
            let rows = try session.query(
                "SELECT bit FROM branch WHERE project_id = $1 AND bit = 0",
                [.uuid(project.uuid)]
            )
            #expect(rows.isEmpty)
        }
    }
}

/// Packages are filtered by what is decided of their findings now, not when they were scanned.
struct PackageMarksTests {
    private func packages(_ status: FindingStatus, _ world: World, _ session: any SQLSession) throws -> [String] {
        var filter = PackageFilter()
        filter.statuses = [status]
        let project = world.home.projects[0].id
        return try ImageStore(session).packages(in: project, matching: filter, page: .first).items.map(\.package.name)
    }

    @Test func decisionIsSeenInTheListOfPackages() async throws {
        let world = try World()
        try await withTemporarySession { session in
            try world.store(in: session)
            let project = world.home.projects[0].id
            let findings = [
                NewFinding.sample("CVE-1"), .sample("CVE-2"), .sample("CVE-3", package: "zlib", version: "3"),
            ]
            for tag in ["1", "2"] { try scan(.sample(world, tag: tag), finding: findings, in: session) }
            let store = FindingStore(session)
            let found = try store.list(in: project, page: .first).findings
            let first = try #require(found.first { $0.flaw == "CVE-1" })
            #expect(try packages(.toVerify, world, session) == ["openssl", "zlib"])
            #expect(try packages(.ignored, world, session) == [])
            let decision = FindingDecision(
                status: .ignored,
                reason: nil,
                author: nil,
                decidedAt: .sample,
                expiresAt: Date.sample.addingTimeInterval(10)
            )
            _ = try store.decide(decision, on: [first.id], in: project)
            #expect(try packages(.ignored, world, session) == ["openssl"])
            #expect(try packages(.toVerify, world, session) == ["openssl", "zlib"])
            // A scan after the decision says the same.
            try scan(.sample(world, tag: "3"), finding: findings, in: session)
            #expect(try packages(.ignored, world, session) == ["openssl"])
            #expect(try store.reopenExpired(at: Date.sample.addingTimeInterval(11)) == 1)
            #expect(try packages(.ignored, world, session) == [])
        }
    }
}
