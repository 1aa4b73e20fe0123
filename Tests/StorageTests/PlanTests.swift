import Storage
import TestSupport
import Testing

/// Without statistics SQLite likes an index that holds all that is asked for, though it knows the project only, better than one that
/// leads to the row: then each look-up goes through all that the project has.
struct PlanTests {
    @Test(arguments: [
        ("SELECT id, flaw, aliases", "repository=? AND package_kind=? AND package_name=?"),
        ("AND image = $2 AND platform = $3 AND state = 'queued'", "image=? AND platform=?"),
        ("SELECT id FROM scan WHERE state = 'queued' AND waits_until IS NULL", "scan_to_claim (state=?)"),
        ("SELECT 1 FROM scan WHERE waits_until <=", "scan_by_wait (waits_until<?)"),
        ("SELECT 1 FROM scan WHERE state = 'queued' AND waits_until IS NULL", "scan_to_claim (state=?)"),
        ("state = 'queued' AND priority = $2", "project_id=? AND state=? AND priority=?"),
        ("SELECT f.status, f.known_since", "repository=? AND package_kind=? AND package_name=?"),
        ("UPDATE image_package SET statuses", "name=? AND kind=? AND version=? AND image_id=?"),
        ("SELECT turn FROM scan WHERE state = 'queued'", "state=? AND priority=?"),
        // Of packages: by the name as it stands, and by that of the package URLs of two kinds.
        ("AND p.name || '' = $2", "image_package_by_folded_name (organization_id=? AND <expr>=?)"),
        ("AND LOWER(p.name) = $2", "image_package_by_folded_name (organization_id=? AND <expr>=?)"),
        ("AND REPLACE(LOWER(p.name), '_', '-') = $2", "image_package_by_folded_name (organization_id=? AND <expr>=?)"),
    ])
    func lookUpsUseTheirWholeKey(_ fragment: String, _ key: String) async throws {
        let statement = try #require(try await statementsOfTheStores().first { $0.contains(fragment) })
        let placeholders = Set(statement.split(separator: "$").dropFirst().map { $0.prefix { $0.isNumber } })
        let values = Array(repeating: SQLValue.null, count: placeholders.count)
        try await withTemporaryDatabase { database in
            let plan = try await database.read { session in
                try session.query("EXPLAIN QUERY PLAN \(statement)", values).map { try $0.text(3) }
            }
            #expect(plan.contains { $0.contains(key) }, "\(plan)")
        }
    }
}
