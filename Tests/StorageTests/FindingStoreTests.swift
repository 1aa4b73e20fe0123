import Advisories
import Foundation
import Inventory
import Storage
import Tenancy
import TestSupport
import Testing

/// Findings outlive tags, digests and scans. Source: issue 5, "Findings that last".
@Suite struct FindingStoreTests {
    private let later = Date.sample.addingTimeInterval(60)

    private func withFindings(_ body: (World, ProjectID, FindingStore, any SQLSession) throws -> Void) async throws {
        let world = try World()
        try await withTemporarySession { session in
            try world.store(in: session)
            try body(world, world.home.projects[0].id, FindingStore(session), session)
        }
    }

    private func decision(_ status: FindingStatus, expiresAt: Date? = nil, by user: UserID? = nil) -> FindingDecision {
        FindingDecision(status: status, reason: "why", author: user, decidedAt: .sample, expiresAt: expiresAt)
    }

    @Test func findingTellsWhatAndWhere() async throws {
        try await withFindings { world, project, findings, session in
            let image = try #require(
                try scan(.sample(world), finding: [.sample("CVE-1", aliases: ["GHSA-x"])], in: session)
            )
            let listed = try #require(try findings.list(in: project, page: .first).findings.first)
            let found = try #require(try findings.find(listed.id, in: project))
            #expect(found == listed)
            #expect(found.flaw == "CVE-1" && found.aliases == ["GHSA-x"] && found.packageName == "openssl")
            #expect(found.severity == .high && found.scoreInTenths == 75 && found.isFixable && !found.isExploited)
            #expect(found.status == .toVerify && found.decision == nil && found.imageCount == 1)
            let place = try #require(found.places.first)
            #expect(place.image == image && place.tag == "1" && place.installedVersion == "1" && place.fixedIn == "2")
            #expect(place.layerDigest == "sha256:ab" && place.introducedBy == "RUN apt-get install" && place.layer == 0)
            #expect(try findings.find(listed.id, in: world.home.projects[1].id) == nil)
        }
    }

    @Test func decisionFollowsTheFindingToRescansAndNewTags() async throws {
        try await withFindings { world, project, findings, session in
            try scan(.sample(world), finding: [.sample("CVE-1")], in: session)
            let id = try #require(try findings.list(in: project, page: .first).findings.first?.id)
            let user = world.home.user.id
            #expect(try findings.decide(decision(.ignored, by: user), on: [id, FindingID(), id], in: project) == [id])
            try scan(.sample(world), finding: [.sample("CVE-1", version: "1.1")], at: later, in: session)
            try scan(.sample(world, tag: "2"), finding: [.sample("CVE-1")], at: later, in: session)
            let listing = try findings.list(in: project, page: .first)
            #expect(listing.findings.map(\.id) == [id])
            #expect(listing.findings.first?.decision == decision(.ignored, by: user))
            #expect(listing.findings.first?.imageCount == 2)
            #expect(listing.byStatus == [.ignored: 1])
            let found = try #require(try findings.find(id, in: project))
            #expect(found.firstSeenAt == .sample && found.lastSeenAt == later && found.knownSince == .sample)
            #expect(found.places.map(\.tag) == ["1", "2"] && found.places.first?.installedVersion == "1.1")
        }
    }

    @Test func decisionSurvivesTheFlawsNewName() async throws {
        try await withFindings { world, project, findings, session in
            try scan(.sample(world), finding: [.sample("GHSA-x")], in: session)
            let id = try #require(try findings.list(in: project, page: .first).findings.first?.id)
            _ = try findings.decide(decision(.confirmed), on: [id], in: project)
            try scan(.sample(world), finding: [.sample("CVE-1", aliases: ["GHSA-x"])], at: later, in: session)
            let found = try #require(try findings.list(in: project, page: .first).findings.first)
            #expect(found.id == id && found.status == .confirmed)
            #expect(found.flaw == "CVE-1" && found.aliases == ["GHSA-x"])
            for name in ["cve-1", "GHSA-x"] {
                #expect(try findings.stated([name], in: project).map(\.id) == [id])
            }
        }
    }

    @Test func findingThatIsGoneKeepsItsDecisionAndComesBackWithIt() async throws {
        try await withFindings { world, project, findings, session in
            try scan(.sample(world), finding: [.sample("CVE-1")], in: session)
            let id = try #require(try findings.list(in: project, page: .first).findings.first?.id)
            _ = try findings.decide(decision(.ignored), on: [id], in: project)
            try scan(.sample(world), finding: [], at: later, in: session)
            #expect(try findings.list(in: project, page: .first).total == 0)
            #expect(try findings.unmatchedDecisions(in: project, page: .first).items.map(\.id) == [id])
            try scan(.sample(world), finding: [.sample("CVE-1")], at: later, in: session)
            #expect(try findings.list(in: project, page: .first).findings.first?.status == .ignored)
            #expect(try findings.unmatchedDecisions(in: project, page: .first).total == 0)
        }
    }

    @Test func decisionThatEndedIsToBeVerifiedAgain() async throws {
        try await withFindings { world, project, findings, session in
            try scan(.sample(world), finding: [.sample("CVE-1")], in: session)
            let id = try #require(try findings.list(in: project, page: .first).findings.first?.id)
            _ = try findings.decide(decision(.ignored, expiresAt: later), on: [id], in: project)
            #expect(try !findings.hasExpired(at: .sample))
            #expect(try findings.reopenExpired(at: .sample) == 0)
            #expect(try findings.hasExpired(at: later))
            #expect(try findings.reopenExpired(at: later) == 1)
            #expect(try findings.find(id, in: project)?.status == .toVerify)
        }
    }

    @Test func sameFlawInTwoVersionsIsOneFindingInTwoPlaces() async throws {
        try await withFindings { world, project, findings, session in
            let two = [
                NewFinding.sample("CVE-1", path: "b"), .sample("CVE-1", version: "0.9", severity: .critical, path: "a"),
            ]
            let image = try #require(try scan(.sample(world), finding: two, in: session))
            let listing = try findings.list(in: project, page: .first)
            #expect(listing.total == 1 && listing.bySeverity[.critical] == 1)
            let found = try #require(try findings.find(listing.findings[0].id, in: project))
            #expect(found.places.map(\.installedVersion) == ["0.9", "1"] && found.imageCount == 1)
            #expect(try ImageStore(session).find(image, in: project)?.counts == SeverityCounts([.critical: 1]))
        }
    }

    @Test func everyFilterTakesWhatItSays() async throws {
        try await withFindings { world, project, findings, session in
            let image = try #require(
                try scan(
                    .sample(world),
                    finding: [
                        .sample("CVE-1", aliases: ["DSA-7"], severity: .critical, score: 98),
                        .sample("CVE-2", package: "zlib", severity: .low, score: nil, fixedIn: nil),
                    ],
                    in: session
                )
            )
            try scan(
                .sample(world, repository: "registry.example/other", tag: "9"),
                finding: [.sample("CVE-3_x", package: "bash", severity: .medium, score: 50)],
                in: session
            )
            func flaws(_ change: (inout FindingFilter) -> Void) throws -> [String] {
                var filter = FindingFilter()
                change(&filter)
                let listing = try findings.list(in: project, filter, page: .first)
                #expect(listing.total == listing.findings.count)
                #expect(listing.bySeverity.total == listing.total)
                return listing.findings.map(\.flaw)
            }
            #expect(try flaws { _ in } == ["CVE-1", "CVE-3_x", "CVE-2"])
            #expect(try flaws { $0.severities = [.low, .medium] } == ["CVE-3_x", "CVE-2"])
            #expect(try flaws { $0.statuses = [.confirmed] } == [])
            #expect(try flaws { $0.isFixable = false } == ["CVE-2"])
            #expect(try flaws { $0.isExploited = true } == [])
            #expect(try flaws { $0.image = image } == ["CVE-1", "CVE-2"])
            #expect(try flaws { $0.tag = "9" } == ["CVE-3_x"])
            #expect(try flaws { $0.branch = "main" }.count == 3)
            #expect(try flaws { $0.branch = "dev" } == [])
            #expect(try flaws { $0.repository = "registry.example/other" } == ["CVE-3_x"])
            #expect(try flaws { $0.package = "zlib" } == ["CVE-2"])
            #expect(try flaws { $0.kinds = [.npm] } == [])
            #expect(try flaws { $0.search = "dsa-7" } == ["CVE-1"])
            #expect(try flaws { $0.search = "3_" } == ["CVE-3_x"])
            #expect(try flaws { $0.search = "%" } == [])
            #expect(try flaws { $0.search = "LIB" } == ["CVE-2"])
        }
    }

    /// Every order, in both directions, in pages of one.
    @Test(arguments: FindingOrder.allCases)
    func pagesFollowTheOrder(_ order: FindingOrder) async throws {
        try await withFindings { world, project, findings, session in
            let expected = ["a", "b", "c"]
            for (index, name) in expected.enumerated() {
                let finding = NewFinding.sample(
                    "CVE-\(index)",
                    package: name,
                    severity: [.low, .medium, .high][index],
                    score: 30 + index
                )
                try scan(
                    .sample(world, tag: name),
                    finding: [finding],
                    at: .sample.addingTimeInterval(Double(index)),
                    in: session
                )
            }
            for isDescending in [false, true] {
                let names = try (1...3).flatMap { number in
                    try findings.list(
                        in: project,
                        order: order,
                        isDescending: isDescending,
                        page: Page(number: number, size: 1)
                    ).findings.map(\.packageName)
                }
                #expect(names == (isDescending ? expected.reversed() : expected))
            }
        }
    }

    @Test func anotherProjectsFindingsAreNotDecidedAndNotListed() async throws {
        try await withFindings { world, project, findings, session in
            try scan(.sample(world), finding: [.sample("CVE-1")], in: session)
            let id = try #require(try findings.list(in: project, page: .first).findings.first?.id)
            let other = world.home.projects[1].id
            #expect(try findings.decide(decision(.ignored), on: [id], in: other) == [])
            #expect(try findings.stated(["CVE-1"], in: other) == [])
            #expect(try findings.list(in: other, page: .first).total == 0)
            try scan(.sample(world, project: world.home.projects[1]), finding: [.sample("CVE-1")], in: session)
            #expect(try findings.list(in: other, page: .first).findings.first?.id != id)
        }
    }
}
