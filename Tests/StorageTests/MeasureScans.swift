import Advisories
import Foundation
import OCI
import Storage
import Tenancy
import TestSupport
import Testing

@Suite(.enabled(if: ProcessInfo.processInfo.environment["MEASURE"] != nil)) struct MeasureScans {
    func time(_ name: String, _ n: Int = 7, _ body: () async throws -> Void) async rethrows {
        var t: [Double] = []
        for _ in 0..<n {
            let c = ContinuousClock(); let d = try await c.measure { try await body() };
            t.append(Double(d.components.attoseconds) / 1e15 + Double(d.components.seconds) * 1000)
        }
        t.sort()
        FileHandle.standardError.write(Data("MEASURE \(name): median \(t[n/2]) max \(t[n-1]) ms\n".utf8))
    }
    @Test func figures() async throws {
        let world = try World()
        try await withTemporaryDatabase { database in
            try await database.write { try world.store(in: $0) }
            let project = world.home.projects[0].id
            // 100,000 findings: 50 images of 25 repositories, 2,000 new each
            var n = 0
            try await time("finish image with 2,000 new findings, 300 packages", 50) {
                let k = n; n += 1
                let findings = (0..<2000).map { i in
                    NewFinding.sample(
                        "CVE-2024-\(k * 2000 + i)",
                        aliases: ["GHSA-\(i)-\(k)"],
                        package: "package-\(i % 300)",
                        severity: Severity.allCases[(i * 7 + k) % 6],
                        score: i % 101,
                        fixedIn: i % 3 == 0 ? nil : "9",
                        detail: String(repeating: "x", count: 400)
                    )
                }
                let outcome = try ScanOutcome.sample(findings, packages: (0..<300).map { ("package-\($0)", "1") })
                try await database.write { session in
                    _ = try ScanStore(session).enqueue(
                        .sample(world, repository: "registry.example/r\(k / 2)", tag: "t\(k)"),
                        at: .sample
                    )
                    let claim = try ScanQueue(session).claim(until: .sample, now: .sample)
                    if let claim {
                        _ = try ScanQueue(session).finish(claim, outcome, at: Date.sample.addingTimeInterval(Double(k)))
                    }
                }
            }
            let image = try await database.read { try ImageStore($0).list(in: project, page: .first).items[3] }
            var filters: [(String, FindingFilter)] = [("none", FindingFilter())]
            func add(_ name: String, _ change: (inout FindingFilter) -> Void) {
                var f = FindingFilter(); change(&f); filters.append((name, f))
            }
            add("severity") { $0.severities = [.critical, .low] }
            add("status+fixable") {
                $0.statuses = [.toVerify, .confirmed]; $0.isFixable = true
            }
            add("image") { $0.image = image.id }
            add("repository") { $0.repository = image.repository }
            add("tag") { $0.tag = image.tag }
            add("branch(all)") { $0.branch = "main" }
            add("package") { $0.package = "package-7" }
            add("search") { $0.search = "2024-999" }
            add("search all") { $0.search = "cve" }
            for (name, filter) in filters {
                for order in FindingOrder.allCases {
                    for page in [1, 1000] {
                        try await time("findings filter=\(name) order=\(order) page=\(page)x50") {
                            _ = try await database.read {
                                try FindingStore($0).list(
                                    in: project,
                                    filter,
                                    order: order,
                                    isDescending: true,
                                    page: Page(number: page, size: 50)
                                )
                            }
                        }
                    }
                }
            }
            try await time("packages of the project") {
                _ = try await database.read {
                    try ImageStore($0).packages(in: project, page: Page(number: 1, size: 50))
                }
            }
            try await time("holding flaw") {
                _ = try await database.read {
                    try ImageStore($0).holding(flaw: "CVE-2024-777", in: world.home.organization.id, page: .first)
                }
            }
            try await time("groups") {
                _ = try await database.read { try ImageStore($0).groups(in: project, page: .first) }
            }
            // queue
            for start in 0..<100 {
                try await database.write { session in
                    for i in 0..<1000 {
                        let p = (world.home.projects + world.away.projects)[i % 6]
                        _ = try ScanStore(session).enqueue(
                            .sample(
                                world,
                                project: p,
                                tag: "q\(start * 1000 + i)",
                                priority: i % 4 == 0 ? .scheduled : .asked
                            ),
                            at: .sample
                        )
                    }
                }
            }
            try await time("enqueue at 100,000 queued", 50) {
                try await database.write { session in
                    _ = try ScanStore(session).enqueue(.sample(world, tag: UUID().uuidString), at: .sample)
                }
            }
            try await time("claim at 100,000 queued (with commit)", 50) {
                try await database.write { session in _ = try ScanQueue(session).claim(until: .sample, now: .sample) }
            }
            try await time("depth") { _ = try await database.read { try ScanStore($0).depth() } }
        }
    }
}
