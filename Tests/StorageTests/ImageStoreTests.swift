import Advisories
import Foundation
import Storage
import Tenancy
import TestSupport
import Testing

/// What is kept of images, and what happens to it. Source: issue 5, "API" and "Reuse".
@Suite struct ImageStoreTests {
    private let later = Date.sample.addingTimeInterval(60)

    private func withImages(_ body: (World, ProjectID, ImageStore, any SQLSession) throws -> Void) async throws {
        let world = try World()
        try await withTemporarySession { session in
            try world.store(in: session)
            try body(world, world.home.projects[0].id, ImageStore(session), session)
        }
    }

    @Test func failedScanLeavesWhatTheLastOneFound() async throws {
        try await withImages { world, project, images, session in
            let id = try #require(try scan(.sample(world), finding: [.sample("CVE-1")], in: session))
            let before = try images.find(id, in: project)
            _ = try ScanStore(session).enqueue(.sample(world), at: later)
            let claim = try #require(try ScanQueue(session).claim(until: later, now: later))
            #expect(try ScanQueue(session).fail(claim, .sample, at: later))
            #expect(try images.find(id, in: project) == before)
            #expect(before?.counts == SeverityCounts([.high: 1]) && before?.packageCount == 2)
            #expect(try images.inventory(of: id) == [1, 2, 3])
        }
    }

    @Test func newScanOfATagReplacesItsImage() async throws {
        try await withImages { world, project, images, session in
            let id = try #require(try scan(.sample(world), finding: [.sample("CVE-1")], in: session))
            #expect(try scan(.sample(world), finding: [], at: later, in: session) == id)
            let image = try #require(try images.list(in: project, page: .first).items.first)
            #expect(image.id == id && image.counts == SeverityCounts())
            #expect(image.createdAt == .sample && image.scannedAt == later)
            #expect(try images.list(in: project, branch: "dev", page: .first).total == 0)
            #expect(try images.find(id, in: project) == image)
        }
    }

    @Test func groupsCountTagsAndFindings() async throws {
        try await withImages { world, project, images, session in
            for (index, tag) in ["1", "2"].enumerated() {
                let now = Date.sample.addingTimeInterval(Double(index))
                try scan(.sample(world, tag: tag), finding: [.sample("CVE-1")], at: now, in: session)
            }
            try scan(.sample(world, repository: "registry.example/b_c"), finding: [], at: later, in: session)
            let (groups, count) = try images.groups(in: project, page: .first)
            #expect(groups.total == 2 && count == 3)
            #expect(groups.items.map(\.repository) == ["registry.example/b_c", "registry.example/app"])
            #expect(groups.items.last?.counts == SeverityCounts([.high: 2]))
            #expect(groups.items.last?.images.map(\.tag) == ["2", "1"] && groups.items.last?.imageCount == 2)
            #expect(try images.groups(in: project, search: "B_", page: .first).images == 1)
            let byCount = try images.groups(in: project, order: .imageCount, page: Page(number: 1, size: 1)).groups
            #expect(byCount.items.map(\.repository) == ["registry.example/app"])
        }
    }

    @Test func packagesAreToldOncePerProjectWithTheirFindings() async throws {
        try await withImages { world, project, images, session in
            let id = try scan(
                .sample(world),
                finding: [.sample("CVE-1"), .sample("CVE-2", severity: .low)],
                in: session
            )
            try scan(.sample(world, tag: "2"), finding: [], in: session)
            let all = try images.packages(in: project, page: .first)
            #expect(all.total == 2 && all.items.map(\.package.name) == ["openssl", "zlib"])
            #expect(all.items[0].imageCount == 2 && all.items[0].findingCount == 2 && all.items[0].severity == .high)
            #expect(all.items[0].package.licenses == ["MIT", "Apache-2.0 OR BSD"])
            #expect(all.items[1].findingCount == 0 && all.items[1].severity == .unknown)
            let bad = try images.packages(in: project, image: id, severities: [.high], page: .first)
            #expect(bad.total == 1 && bad.items[0].imageCount == 1)
            #expect(try images.packages(in: project, search: "ZL", page: .first).items.map(\.package.name) == ["zlib"])
        }
    }

    @Test func organizationIsAskedWhichImagesHoldAFlawOrAPackage() async throws {
        try await withImages { world, project, images, session in
            let home = world.home.organization.id
            let id = try scan(.sample(world), finding: [.sample("CVE-1", aliases: ["GHSA-x"])], in: session)
            try scan(.sample(world, project: world.away.projects[0]), finding: [.sample("CVE-1")], in: session)
            let holdings = try images.holding(flaw: "ghsa-X", in: home, page: .first)
            #expect(holdings.total == 1 && holdings.items.map(\.image) == [id])
            #expect(holdings.items[0].installedVersion == "1" && holdings.items[0].fixedIn == "2")
            #expect(try images.holding(flaw: "CVE-1", in: home, projects: [], page: .first).total == 0)
            let other: Set<ProjectID> = [world.home.projects[1].id]
            #expect(try images.holding(flaw: "CVE-1", in: home, projects: other, page: .first).total == 0)
            #expect(try images.holding(PackageQuery(name: "zlib"), in: home, page: .first).items.map(\.image) == [id])
            #expect(try images.holding(PackageQuery(name: "zlib", version: "4"), in: home, page: .first).total == 0)
            #expect(
                try images.holding(PackageQuery(name: "zlib"), in: home, projects: [project], page: .first).total == 1
            )
        }
    }

    @Test func rematchAddsWhatBecameKnownAndSaysWhen() async throws {
        try await withImages { world, project, images, session in
            let id = try #require(try scan(.sample(world), finding: [.sample("CVE-1")], in: session))
            let due = try images.matched(before: later, after: nil, limit: 10)
            #expect(due.map(\.id) == [id])
            #expect(try images.matched(before: later, after: id, limit: 10) == [])
            let findings: [NewFinding] = [.sample("CVE-1"), .sample("CVE-9", package: "zlib", version: "3")]
            #expect(
                try images.rematch(
                    id,
                    of: due[0].scan,
                    findings: findings,
                    completeness: "{}",
                    isDegraded: false,
                    at: later
                )
            )
            let store = FindingStore(session)
            let listed = try store.list(in: project, page: .first).findings
            #expect(listed.first { $0.flaw == "CVE-9" }?.knownSince == later)
            #expect(listed.first { $0.flaw == "CVE-1" }?.knownSince == .sample)
            #expect(listed.first { $0.flaw == "CVE-1" }?.lastSeenAt == .sample)
            let image = try #require(try images.find(id, in: project))
            #expect(
                image.counts == SeverityCounts([.high: 2]) && image.matchedAt == later && image.scannedAt == .sample
            )
            #expect(try images.packages(in: project, image: id, page: .first).items.map(\.findingCount) == [1, 1])
            #expect(try images.matched(before: later, after: nil, limit: 10) == [])
        }
    }

    /// What the advisories know decides too whether a result is of the whole image, and not the scan that it is from.
    @Test func rematchSaysWhetherTheImageIsWholeNow() async throws {
        try await withImages { world, project, images, session in
            let id = try #require(try scan(.sample(world), finding: [], in: session))
            let made = try #require(try images.find(id, in: project)).scan
            for isDegraded in [true, false] {
                #expect(
                    try images.rematch(
                        id,
                        of: made,
                        findings: [],
                        completeness: "{}",
                        isDegraded: isDegraded,
                        at: later
                    )
                )
                let coverage = try images.coverage(in: project)
                #expect(coverage.images == 1 && coverage.degraded == (isDegraded ? 1 : 0))
                #expect(coverage.degradedImages.map(\.id) == (isDegraded ? [id] : []))
            }
        }
    }

    @Test func rematchOfAnOldScanWritesNothing() async throws {
        try await withImages { world, project, images, session in
            let id = try #require(try scan(.sample(world), finding: [], in: session))
            let old = try #require(try images.find(id, in: project)).scan
            try scan(.sample(world), finding: [], at: later, in: session)
            #expect(
                try !images.rematch(
                    id,
                    of: old,
                    findings: [.sample("CVE-1")],
                    completeness: "{}",
                    isDegraded: false,
                    at: later
                )
            )
            #expect(try FindingStore(session).list(in: project, page: .first).total == 0)
        }
    }

    @Test func deletedImageTakesItsPlacesAndLeavesDecisions() async throws {
        try await withImages { world, project, images, session in
            let id = try #require(try scan(.sample(world), finding: [.sample("CVE-1")], in: session))
            let findings = FindingStore(session)
            let finding = try #require(try findings.list(in: project, page: .first).findings.first)
            #expect(try !images.delete(id, in: world.home.projects[1].id))
            #expect(try findings.list(in: project, page: .first).total == 1)
            #expect(try images.delete(id, in: project))
            #expect(try !images.delete(id, in: project))
            #expect(try findings.list(in: project, page: .first).total == 0)
            #expect(try findings.find(finding.id, in: project)?.places == [])
            #expect(try images.packages(in: project, page: .first).total == 0)
            #expect(try ScanStore(session).list(in: project, page: .first).items.first?.image == nil)
        }
    }

    @Test func deletedProjectLeavesNothing() async throws {
        try await withImages { world, project, _, session in
            try scan(.sample(world), finding: [.sample("CVE-1")], in: session)
            try ProjectStore(session).delete(project)
            let tables = [
                "scan", "image", "image_inventory", "image_package", "finding", "finding_alias", "finding_image",
            ]
            for table in tables {
                #expect(try session.count("SELECT COUNT(*) FROM \(table)", []) == 0, "\(table)")
            }
        }
    }
}
