import Advisories
import Foundation
import Inventory
import OCI
import Tenancy

@testable import Storage

/// Every statement of the stores of scans, images, findings and layers.
func runScans(_ world: World, _ session: any SQLSession) throws {
    let (project, organization) = (world.home.projects[0].id, world.home.organization.id)
    let credential = try world.storeCredential(of: world.home, in: session)
    let (scans, queue) = (ScanStore(session), ScanQueue(session))
    _ = try scans.enqueue(.sample(world, tag: "s", priority: .scheduled), at: .sample)
    _ = try scans.enqueue(.sample(world, tag: "s"), at: .sample)
    _ = try queue.look(at: .sample)
    for states in [[], [.queued, .failed]] as [Set<Scan.State>] {
        _ = try scans.list(in: project, states: states, page: .first)
    }
    for project in [nil, project] { try scans.failScans(with: credential.id, in: project, .sample, at: .sample) }
    let waiting = try scans.enqueue(.sample(world, tag: "other"), at: .sample).scan
    _ = try scans.cancel(waiting.id, in: project, at: .sample)
    let claim = try queue.claim(until: .sample, now: .sample)
    if let claim {
        _ = try queue.heartbeat(claim, step: "pull", progress: 1, until: .sample, now: .sample)
        let first = try queue.finish(claim, .sample([.sample("CVE-1")]), at: .sample)
        try queue.release(claim, at: .sample)
        _ = try queue.fail(claim, .sample, at: .sample)
        _ = try queue.endCancelled(claim, at: .sample)
        try runOverview(of: organization, project, session)
        if let first { try runImages(first, claim.scan, session) }
    }
    try queue.endLeasesOfEarlierProcess(at: .sample)
    if let claim { _ = try queue.postpone(claim, for: .twin, until: .sample, at: .sample) }
    try queue.endWaits(of: [waiting.id], at: .sample)
    try queue.requeueExpired(at: .sample, exhausted: .sample)
    let retention = ScanRetention(age: 1, count: 1)
    _ = try retention.deleteEnded(before: .sample, session)
    _ = try retention.crowded(session)
    _ = try retention.lastToGo(of: project, session)
    _ = try retention.deleteEnded(of: project, upTo: ScanID(), session)
    try runFindings(in: project, of: organization, session)
    try runLayers(session)
}

private func runImages(_ id: ImageID, _ scan: Scan, _ session: any SQLSession) throws {
    let (images, request) = (ImageStore(session), scan.request)
    _ = try images.find(id, in: request.project)
    for branch in [nil, "main"] {
        _ = try images.list(in: request.project, branch: branch, page: .first)
        for order in [ImageStore.GroupOrder.repository, .imageCount, .latestScan] {
            _ = try images.groups(
                in: request.project,
                branch: branch,
                search: branch,
                order: order,
                isDescending: branch == nil,
                page: .first
            )
        }
    }
    for image in [nil, id] {
        for order in [ImageStore.PackageOrder.name, .severity] {
            _ = try images.packages(
                in: request.project,
                image: image,
                search: "a",
                severities: [.high],
                order: order,
                isDescending: image == nil,
                page: .first
            )
        }
        _ = try images.packages(in: request.project, image: image, page: .first)
    }
    for projects in [nil, [request.project]] as [Set<ProjectID>?] {
        _ = try images.holding(flaw: "CVE-1", in: request.organization, projects: projects, page: .first)
        for version in [nil, "1"] {
            let query = PackageQuery(name: "a", version: version)
            _ = try images.holding(query, in: request.organization, projects: projects, page: .first)
        }
        for url in ["pkg:pypi/a@1", "pkg:golang/a", "pkg:npm/a"] {
            guard let query = PackageQuery(try PackageURL(url)) else { continue }
            _ = try images.holding(query, in: request.organization, projects: projects, page: .first)
        }
        _ = try images.coverage(of: request.organization, projects: projects)
    }
    _ = try images.inventory(of: id)
    _ = try images.identifiers(in: request.project)
    _ = try FindingStore(session).all(of: id)
    for start in [nil, id] { _ = try images.matched(before: .sample, after: start, limit: 1) }
    let findings = FindingStore(session)
    let found = try findings.list(in: request.project, page: .first).findings.map(\.id)
    let decision = FindingDecision(status: .ignored, reason: nil, author: nil, decidedAt: .sample, expiresAt: .sample)
    _ = try findings.decide(decision, on: found, in: request.project)
    try findings.reopenExpired(at: .sample)
    // A flaw with a new name, another fix, and one that is gone.
    let renamed = NewFinding.sample("CVE-2", aliases: ["CVE-1"], fixedIn: "3")
    _ = try images.rematch(id, of: scan.id, findings: [renamed], completeness: "{}", isDegraded: false, at: .sample)
    _ = try images.rematch(id, of: scan.id, findings: [], completeness: "{}", isDegraded: false, at: .sample)
    _ = try images.delete(id, in: request.project)
}

private func runFindings(in project: ProjectID, of organization: OrganizationID, _ session: any SQLSession) throws {
    let findings = FindingStore(session)
    var narrow = FindingFilter()
    narrow.severities = [.high]
    narrow.statuses = [.toVerify]
    narrow.isFixable = true
    narrow.isExploited = false
    narrow.image = ImageID()
    narrow.repository = "r"
    narrow.tag = "t"
    narrow.branch = "main"
    narrow.package = "p"
    narrow.kinds = [.deb]
    narrow.search = "s"
    var branch = FindingFilter()
    branch.branch = "main"
    for filter in [FindingFilter(), branch, narrow] {
        for order in FindingOrder.allCases {
            for isDescending in [false, true] {
                _ = try findings.list(in: project, filter, order: order, isDescending: isDescending, page: .first)
            }
        }
    }
    _ = try findings.find(FindingID(), in: project)
    let decision = FindingDecision(status: .ignored, reason: nil, author: nil, decidedAt: .sample, expiresAt: nil)
    _ = try findings.decide(decision, on: [FindingID()], in: project)
    _ = try findings.stated(["CVE-1", "GHSA-1"], in: project)
    _ = try findings.statedPlaces(of: FindingID())
    _ = try findings.unmatchedDecisions(in: project, page: .first)
    _ = try findings.hasExpired(at: .sample)
    try findings.reopenExpired(at: .sample)
}

private func runOverview(of organization: OrganizationID, _ project: ProjectID, _ session: any SQLSession) throws {
    let store = OverviewStore(session)
    for day in [Day(number: 1), Day(number: 2)] { try store.write(store.changes(), on: day) }
    let retention = OverviewRetention(days: 1)
    for last in [nil, project] { _ = try retention.withDays(before: Day(number: 2), after: last, session) }
    _ = try retention.delete(of: [project], before: Day(number: 2), session)
    for projects in [nil, [project], []] as [Set<ProjectID>?] {
        _ = try store.current(of: organization, projects: projects)
        _ = try store.days(of: organization, projects: projects, from: Day(number: 1), to: Day(number: 2))
    }
}

private func runLayers(_ session: any SQLSession) throws {
    let (layers, digest) = (LayerInventoryStore(session), try Digest.sample(1))
    for kind in LayerInventoryStore.Kind.allCases {
        for limit in [100, 1] as [Int64] {
            try layers.insert(kind, digest, scope: "1", contents: [1], at: .sample, limitInBytes: limit)
            try layers.insert(kind, .sample(2), scope: "1", contents: [1], at: .sample, limitInBytes: limit)
        }
        _ = try layers.find(kind, digest, scope: "1")
        _ = try layers.holds(kind, [digest], scope: "1")
        try layers.touch(kind, [digest], scope: "1", at: .sample)
    }
}

/// Every statement of the stores of schedules.
func runSchedules(_ world: World, _ session: any SQLSession) throws {
    let (store, queue) = (ScheduleStore(session), ScheduleQueue(session))
    let schedule = ScanSchedule.sample(world)
    try store.insert(schedule)
    _ = try store.exists(like: schedule)
    _ = try store.list(in: schedule.project, page: .first)
    try store.update(schedule)
    _ = try queue.isDue(at: .sample)
    for _ in 0..<2 {
        guard let claim = try queue.claim(until: .sample, now: .sample) else { return }
        try queue.release(claim)
    }
    for isComplete in [false, true] {
        guard let claim = try queue.claim(until: .sample, now: .sample) else { return }
        var run = ScheduleRun(nextRunAt: .sample)
        run.tags = isComplete ? [] : [("v1", try .sample(1))]
        (run.due, run.existing) = (["v1"], isComplete ? [] : nil)
        _ = try queue.finish(claim, run, at: .sample)
    }
    try queue.endLeasesOfEarlierProcess()
    _ = try store.delete(schedule.id, in: schedule.project)
}
