import Advisories
import Foundation
import Storage
import TestSupport
import Testing

/// How many findings there were, day by day, over HTTP.
@Suite("The overview of findings") struct OverviewTests {
    private func look(_ server: RunningServer, daysAgo: Int) async throws {
        try await server.withDatabase { database in
            let day = Day(number: Day(Date()).number - daysAgo)
            let changes = try await database.read { try OverviewStore($0).changes() }
            try await database.write { try OverviewStore($0).write(changes, on: day) }
        }
    }

    private func open(_ caller: Caller, _ target: String) async throws -> [TestJSON] {
        try await caller.get(target).json["days"].items.map { $0["open"] }
    }

    private static func text(daysAgo: Int) -> String {
        String(Date(timeIntervalSinceNow: -86_400 * Double(daysAgo)).ISO8601Format().prefix(10))
    }

    @Test func daysAreToldWithTheirCompletenessAndTodayIsLive() async throws {
        try await withServer { server async throws in
            _ = try await server.seedScan(findings: [.seed("CVE-1", severity: .critical), .seed("CVE-2")])
            try await look(server, daysAgo: 2)
            let second = try await server.seedScan(
                repository: "registry.example.com/other",
                isDegraded: true,
                findings: [.seed("CVE-1")]
            )
            for path in ["/organization/\(server.first.organization)", "/project/\(server.first.project)"] {
                let target = "\(path)/results/container/overview?from=\(Self.text(daysAgo: 3))"
                let answer = try await server.admin.get(target)
                #expect(try answer.json["days"].items.map { $0["open"] } == [0, 2, 2, 3], "\(answer)")
                let days = try answer.json["days"].items
                #expect(days.compactMap { $0["day"].string } == (0...3).reversed().map { Self.text(daysAgo: $0) })
                #expect(days.map { $0["isComplete"] } == [false, true, true, false])
                #expect(days[3]["vulnCounts"]["critical"] == 1 && days[3]["vulnCounts"]["high"] == 2)
                #expect(try answer.json["completeness"]["incompleteImages"] == 1)
            }
            let path = "/project/\(server.first.project)/results/container"
            _ = try await server.admin.patch("\(path)/\(second.findings[0])", ["status": "ignored"])
            let today = try await server.admin.get("\(path)/overview?from=\(Self.text(daysAgo: 0))").json["days"]
            #expect(today.items.count == 1 && today[0]["ignored"] == 1 && today[0]["open"] == 2)
            _ = try await server.admin.delete("\(path)/images/\(second.image)")
            #expect(try await open(server.admin, "\(path)/overview?from=\(Self.text(daysAgo: 0))") == [2])
        }
    }

    @Test func onlyProjectsThatTheCallerMayReadAreCounted() async throws {
        try await withServer { server async throws in
            let other = try await server.makeProject("other", in: server.first.organization)
            _ = try await server.seedScan(findings: [.seed("CVE-1")])
            _ = try await server.seedScan(in: other, findings: [.seed("CVE-1"), .seed("CVE-2")])
            let path =
                "/organization/\(server.first.organization)/results/container/overview?from=\(Self.text(daysAgo: 0))"
            #expect(try await open(server.admin, path) == [3])
            let narrowed = try await server.makeKey(for: server.first.user, projects: [other])
            #expect(try await open(server.caller(narrowed), path) == [2])
            let member = try await server.makeMember("m", role: "member", in: server.first.organization)
            let key = try await server.makeKey(for: member)
            #expect(try await open(server.caller(key), path) == [0])
        }
    }

    @Test(arguments: [
        ("", 30, nil), ("to=", 0, "to"), ("from=2026-02-30", 0, "from"), ("from=1-1-1", 0, "from"),
        ("to=9999-99-99", 0, "to"),
        ("to=2026-01-31", 30, nil), ("from=2026-01-01&to=2026-01-01", 1, nil),
        ("from=2026-01-02&to=2026-01-01", 0, "from"),
        ("from=2020-01-01&to=2020-12-31", 366, nil), ("from=2020-01-01&to=2021-01-01", 0, "from"),
        ("from=9998-01-01", 0, "from"), ("to=9998-01-01", 30, nil), ("from=1969-12-31&to=1970-01-01", 0, "from"),
        ("to=1970-01-01", 30, nil), ("from=2026-01-01T00:00:00Z", 0, "from"),
    ])
    func rangeIsBounded(query: String, count: Int, field: String?) async throws {
        try await withServer { server async throws in
            let answer = try await server.admin.get(
                "/project/\(server.first.project)/results/container/overview?\(query)"
            )
            #expect(
                answer.status == (field == nil ? 200 : 400) && answer.fields == [field].compactMap(\.self),
                "\(answer)"
            )
            if field == nil { #expect(try answer.json["days"].items.count == count) }
        }
    }
}
