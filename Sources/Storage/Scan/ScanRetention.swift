public import Foundation
import Tenancy

/// Forgets scans that ended long ago, or that have too many after them. The scan that an image's results are of stays, and results
/// never go: they are of images.
public struct ScanRetention: Sendable {
    /// For how long ended scans are kept, in seconds.
    public let age: TimeInterval
    /// How many ended scans of one project are kept, whatever their age.
    public let count: Int

    /// Scans that are deleted in one transaction, so that nobody waits long for the writer.
    static let batch = 500
    /// Projects that are looked at in one pass; the others come with the next.
    static let projects = 1_000

    /// A rule.
    public init(age: TimeInterval, count: Int) {
        self.age = age
        self.count = count
    }

    /// Deletes what the rule does not keep at `now`. Returns how many scans went.
    public func apply(to database: any Database, at now: Date) async throws -> Int {
        var deleted = 0
        let oldest = now.addingTimeInterval(-age)
        while true {
            try Task.checkCancellation()
            let count = try await database.write { try deleteEnded(before: oldest, $0) }
            deleted += count
            if count < ScanRetention.batch { break }
        }
        for project in try await database.read({ try crowded($0) }) {
            guard let last = try await database.read({ try lastToGo(of: project, $0) }) else { continue }
            while true {
                try Task.checkCancellation()
                let count = try await database.write { try deleteEnded(of: project, upTo: last, $0) }
                deleted += count
                if count < ScanRetention.batch { break }
            }
        }
        return deleted
    }

    private static let isNobodysNewest = "NOT EXISTS (SELECT 1 FROM image WHERE image.scan_id = s.id)"

    func deleteEnded(before oldest: Date, _ session: any SQLSession) throws -> Int {
        try session.execute(
            """
            DELETE FROM scan WHERE id IN (
                SELECT s.id FROM scan AS s WHERE s.finished_at < $1 AND \(ScanRetention.isNobodysNewest)
                ORDER BY s.finished_at LIMIT $2)
            """,
            [.time(oldest), .integer(ScanRetention.batch)]
        )
    }

    /// Projects that have more scans than are kept.
    func crowded(_ session: any SQLSession) throws -> [ProjectID] {
        try session.query(
            "SELECT project_id FROM scan GROUP BY project_id HAVING COUNT(*) > $1 ORDER BY COUNT(*) DESC LIMIT $2",
            [.integer(count), .integer(ScanRetention.projects)]
        ).map { ProjectID(try $0.uuid(0)) }
    }

    /// The newest ended scan that has ``count`` newer ones. Ids are in the order of creation.
    func lastToGo(of project: ProjectID, _ session: any SQLSession) throws -> ScanID? {
        try session.first(
            """
            SELECT id FROM scan WHERE project_id = $1 AND finished_at IS NOT NULL ORDER BY id DESC LIMIT 1 OFFSET $2
            """,
            [.uuid(project.uuid), .integer(count)]
        ).map { ScanID(try $0.uuid(0)) }
    }

    func deleteEnded(of project: ProjectID, upTo last: ScanID, _ session: any SQLSession) throws -> Int {
        try session.execute(
            """
            DELETE FROM scan WHERE id IN (
                SELECT s.id FROM scan AS s
                WHERE s.project_id = $1 AND s.id <= $2 AND s.finished_at IS NOT NULL AND \(ScanRetention.isNobodysNewest)
                ORDER BY s.id LIMIT $3)
            """,
            [.uuid(project.uuid), .uuid(last.uuid), .integer(ScanRetention.batch)]
        )
    }
}
