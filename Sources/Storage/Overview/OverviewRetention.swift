import Tenancy

/// Forgets the numbers of findings of days long past.
///
/// A day without a row is as the one before it, so the newest row of a project from before the days that are kept is moved to the first
/// of them. What is before that day is then known of no project; a sum over some of them would look like one over all.
public struct OverviewRetention: Sendable {
    /// How many days before today are kept.
    public let days: Int

    /// Projects whose days are deleted in one transaction, so that nobody waits long for the writer: at the first time there may be years
    /// of them.
    static let batch = 50

    /// A rule.
    public init(days: Int) { self.days = days }

    /// Deletes what the rule does not keep on `today`. Returns how many days of projects went.
    public func apply(to database: any Database, on today: Day) async throws -> Int {
        let first = Day(number: today.number - days)
        var (deleted, last): (Int, ProjectID?) = (0, nil)
        while true {
            try Task.checkCancellation()
            let projects = try await database.read { [last] in try withDays(before: first, after: last, $0) }
            guard let end = projects.last else { return deleted }
            deleted += try await database.write { try delete(of: projects, before: first, $0) }
            last = end
        }
    }

    /// Projects that have something to delete or to move, in the order of their ids, which follow `last`.
    func withDays(before first: Day, after last: ProjectID?, _ session: any SQLSession) throws -> [ProjectID] {
        var conditions = SQLConditions()
        if let last { conditions.require("p.id > \(conditions.bind(.uuid(last.uuid)))") }
        let day = conditions.bind(.integer(first.number))
        conditions.require("EXISTS (SELECT 1 FROM finding_day AS d WHERE d.project_id = p.id AND d.day < \(day))")
        let (text, limit) = (conditions.text, conditions.bind(.integer(OverviewRetention.batch)))
        return try session.query(
            "SELECT p.id FROM project AS p WHERE \(text) ORDER BY p.id LIMIT \(limit)",
            conditions.values
        ).map { ProjectID(try $0.uuid(0)) }
    }

    /// Returns how many days went.
    func delete(of projects: [ProjectID], before first: Day, _ session: any SQLSession) throws -> Int {
        try projects.reduce(0) { deleted, project in
            let (id, day) = (SQLValue.uuid(project.uuid), SQLValue.integer(first.number))
            let count = try session.execute(
                """
                DELETE FROM finding_day WHERE project_id = $1 AND day < (
                    SELECT MAX(day) FROM finding_day WHERE project_id = $1 AND day <= $2)
                """,
                [id, day]
            )
            try session.execute("UPDATE finding_day SET day = $1 WHERE day < $1 AND project_id = $2", [day, id])
            return deleted + count
        }
    }
}
