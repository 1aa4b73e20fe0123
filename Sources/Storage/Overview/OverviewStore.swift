import Advisories
import Foundation
public import Tenancy

/// What findings there were, day by day.
///
/// A day's numbers are those of the last look on it; ``Changes`` are written now and then, and today's numbers are counted when they are asked
/// for. A day without a row is as the one before it.
public struct OverviewStore {
    private let session: any SQLSession

    /// The store on one connection.
    public init(_ session: any SQLSession) { self.session = session }

    /// The numbers of projects that are not those of their last row.
    public struct Changes: Sendable, Equatable {
        fileprivate var rows: [Row] = []

        /// Whether there is nothing to write.
        public var isEmpty: Bool { rows.isEmpty }
    }

    fileprivate struct Row: Sendable, Equatable {
        let project: ProjectID
        let numbers: FindingNumbers
    }

    /// The numbers of the projects of an organization as they are now. `projects` nil is all of them.
    public func current(of organization: OrganizationID, projects: Set<ProjectID>?) throws -> FindingNumbers {
        var conditions = SQLConditions()
        conditions.require("organization_id = \(conditions.bind(.uuid(organization.uuid)))")
        conditions.require(projects, "id")
        return try current(conditions).values.reduce(into: FindingNumbers()) { $0.add($1) }
    }

    /// The numbers of each day from `first` to `last`. Nothing of today is known here that was not looked at.
    public func days(
        of organization: OrganizationID,
        projects: Set<ProjectID>?,
        from first: Day,
        to last: Day
    ) throws -> [FindingNumbers] {
        guard first <= last else { return [] }
        var conditions = SQLConditions()
        conditions.require("d.organization_id = \(conditions.bind(.uuid(organization.uuid)))")
        conditions.require(projects, "d.project_id")
        var (before, within) = (conditions, conditions)
        let start = before.bind(.integer(first.number))
        before.require("d.day = (SELECT MAX(day) FROM finding_day WHERE project_id = d.project_id AND day < \(start))")
        within.require("d.day BETWEEN \(within.bind(.integer(first.number))) AND \(within.bind(.integer(last.number)))")
        var state: [ProjectID: FindingNumbers] = [:]
        for row in try query(before) { state[ProjectID(try row.uuid(0))] = try FindingNumbers(row: row, from: 2) }
        var changes: [Int: [(ProjectID, FindingNumbers)]] = [:]
        for row in try query(within) {
            let change = (ProjectID(try row.uuid(0)), try FindingNumbers(row: row, from: 2))
            changes[Int(try row.integer(1)), default: []].append(change)
        }
        var sum = state.values.reduce(into: FindingNumbers()) { $0.add($1) }
        return (first.number...last.number).map { day in
            for (project, numbers) in changes[day] ?? [] {
                if let before = state.updateValue(numbers, forKey: project) { sum.add(before, sign: -1) }
                sum.add(numbers)
            }
            return sum
        }
    }

    /// What ``write(_:on:)`` has to write for every project.
    public func changes() throws -> Changes {
        var conditions = SQLConditions()
        conditions.require("d.day = (SELECT MAX(day) FROM finding_day WHERE project_id = d.project_id)")
        var known: [ProjectID: FindingNumbers] = [:]
        for row in try query(conditions) { known[ProjectID(try row.uuid(0))] = try FindingNumbers(row: row, from: 2) }
        let now = try current(SQLConditions())
        let projects = try session.query("SELECT id FROM project ORDER BY id", [])
        var changes = Changes()
        for row in projects {
            let project = ProjectID(try row.uuid(0))
            let numbers = now[project] ?? FindingNumbers()
            // A project that never had a result has no row, which says the same.
            guard numbers != known[project] ?? FindingNumbers() else { continue }
            changes.rows.append(Row(project: project, numbers: numbers))
        }
        return changes
    }

    /// Writes the numbers of `day`. Of a project that was deleted meanwhile nothing is written.
    public func write(_ changes: Changes, on day: Day) throws {
        let columns = FindingNumbers.columns
        // Day and numbers first: placeholders are numbered as they come. PostgreSQL takes what is selected for text unless told.
        let values = (1...(columns.count + 1)).map { "CAST($\($0) AS BIGINT)" }.joined(separator: ", ")
        for row in changes.rows {
            try session.execute(
                """
                INSERT INTO finding_day (project_id, organization_id, day, \(columns.joined(separator: ", ")))
                SELECT id, organization_id, \(values) FROM project WHERE id = $\(columns.count + 2)
                ON CONFLICT (project_id, day) DO UPDATE SET
                    \(columns.map { "\($0) = excluded.\($0)" }.joined(separator: ", "))
                """,
                [.integer(day.number)] + row.numbers.values + [.uuid(row.project.uuid)]
            )
        }
    }

    /// By project, of those that `conditions` take of `project`.
    private func current(_ conditions: SQLConditions) throws -> [ProjectID: FindingNumbers] {
        let chosen = conditions.text.isEmpty ? "" : "WHERE \(conditions.text)"
        let ids = "SELECT id FROM project \(chosen)"
        var numbers: [ProjectID: FindingNumbers] = [:]
        // The index that findings are counted in begins with the project.
        let findings = try session.query(
            """
            SELECT project_id, severity, status, COUNT(*) FROM finding
            WHERE project_id IN (\(ids)) AND present = 1 GROUP BY project_id, severity, status
            """,
            conditions.values
        )
        for row in findings {
            let (project, count) = (ProjectID(try row.uuid(0)), Int(try row.integer(3)))
            switch try row.findingStatus(2) {
            case .toVerify, .confirmed:
                numbers[project, default: FindingNumbers()].open[try Severity(stored: row.integer(1))] += count
            case .resolved: numbers[project, default: FindingNumbers()].resolved += count
            case .ignored: numbers[project, default: FindingNumbers()].ignored += count
            }
        }
        let images = try session.query(
            """
            SELECT project_id, COUNT(*), CAST(SUM(degraded) AS BIGINT) FROM image
            WHERE project_id IN (\(ids)) GROUP BY project_id
            """,
            conditions.values
        )
        for row in images {
            let project = ProjectID(try row.uuid(0))
            numbers[project, default: FindingNumbers()].images = Int(try row.integer(1))
            numbers[project, default: FindingNumbers()].incompleteImages = Int(try row.integer(2))
        }
        return numbers
    }

    private func query(_ conditions: SQLConditions) throws -> [SQLRow] {
        let columns = FindingNumbers.columns.map { "d.\($0)" }.joined(separator: ", ")
        return try session.query(
            """
            SELECT d.project_id, d.day, \(columns) FROM finding_day AS d WHERE \(conditions.text) ORDER BY d.project_id, d.day
            """,
            conditions.values
        )
    }
}

extension FindingNumbers {
    /// Severities first, in the order of ``SeverityCounts/columns``.
    fileprivate static let columns =
        SeverityCounts.columns.map(\.rawValue) + ["resolved", "ignored", "images", "incomplete_images"]

    fileprivate var values: [SQLValue] {
        SeverityCounts.columns.map { .integer(open[$0]) }
            + [.integer(resolved), .integer(ignored), .integer(images), .integer(incompleteImages)]
    }

    fileprivate init(row: SQLRow, from first: Int) throws {
        open = try SeverityCounts(row: row, from: first)
        let next = first + SeverityCounts.columns.count
        resolved = Int(try row.integer(next))
        ignored = Int(try row.integer(next + 1))
        images = Int(try row.integer(next + 2))
        incompleteImages = Int(try row.integer(next + 3))
    }
}
