import Foundation
import Tenancy
import TestSupport
import Testing

@testable import Storage

/// Migration 8 says of what was there what the stores say of what they write.
struct FiltersMigrationTests {
    @Test func whatWasThereIsFilteredLikeWhatIsNew() async throws {
        let world = try World()
        try await withTemporarySession { session in
            try world.store(in: session)
            let project = world.home.projects[0].id
            let findings = [
                NewFinding.sample("CVE-1"), .sample("CVE-2", fixedIn: nil),
                .sample("CVE-3", package: "zlib", version: "3", fixedIn: nil),
            ]
            for (tag, branch) in [("1", "main"), ("2", "release"), ("3", "main"), ("4", nil)] as [(String, String?)] {
                var request = ScanRequest.sample(world, tag: tag)
                request.branch = branch
                try scan(request, finding: tag == "2" ? [findings[0]] : findings, in: session)
            }
            let store = FindingStore(session)
            for (number, status) in FindingStatus.allCases.enumerated() {
                let found = try store.list(in: project, page: .first).findings
                let decision = FindingDecision(
                    status: status,
                    reason: nil,
                    author: nil,
                    decidedAt: .sample,
                    expiresAt: nil
                )
                _ = try store.decide(decision, on: found.dropFirst(number).prefix(1).map(\.id), in: project)
            }
            let before = try told(session)
            try session.execute("DELETE FROM branch", [])
            try session.execute("UPDATE finding SET branches = 0", [])
            try session.execute("UPDATE image_package SET fixable = 0, statuses = 0", [])
            #expect(try told(session) != before)
            for statement in Migration.filters.statements
            where statement.hasPrefix("INSERT") || statement.hasPrefix("UPDATE") {
                try session.execute(statement, [])
            }
            #expect(try told(session) == before)
        }
    }

    private func told(_ session: any SQLSession) throws -> [[SQLValue]] {
        try [
            "SELECT project_id, name, bit FROM branch ORDER BY project_id, name",
            "SELECT id, branches FROM finding ORDER BY id",
            "SELECT image_id, position, fixable, statuses FROM image_package ORDER BY image_id, position",
        ].flatMap { try session.query($0, []).map(\.values) }
    }
}
