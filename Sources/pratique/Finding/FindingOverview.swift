import ArgumentParser
import Foundation

/// `pratique finding overview`.
struct FindingOverview: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "overview",
        abstract: "Show how many findings there were, day by day.",
        discussion: """
            Of all projects that your key may read, or of the one that --project names. What is ignored or resolved is counted apart. \
            A mark of the trend is a day, or the last of a few; · is a day of which nothing is known, and CHANGE is since the first \
            that something is known of. Days are of UTC, and today's numbers are of now.

            EXAMPLES
                $ pratique finding overview
                $ pratique finding overview --days 90 --project shop
                $ pratique finding overview --by-day
                $ pratique finding overview -o json | jq '.days[-1].vulnCounts.critical'
            """
    )

    /// The server tells of no more at once.
    private static let limit = 366

    @Option(help: ArgumentHelp("So many days, of which today is the last.", valueName: "count"))
    var days = 30

    @Flag(help: "A line for each day in place of the trend.")
    var byDay = false

    @OptionGroup(title: "Server options") var server: ServerOptions

    func validate() throws {
        if !(1...Self.limit).contains(days) { throw ValidationError("--days must be from 1 to \(Self.limit)") }
    }

    func run() async throws {
        try await server.withSession { session in
            let owner =
                if let named = session.project {
                    ["project", "\(try await session.project(named))"]
                } else {
                    ["organization", "\(try await session.organization())"]
                }
            let first = Date(timeIntervalSinceNow: -86_400 * Double(days - 1))
            let path = APIPath(
                owner + ["results", "container", "overview"],
                query: [(name: "from", value: String(first.ISO8601Format().prefix(10)))]
            )
            let answer: Received<FindingDays> = try await session.client.send(.get(path)).decoded()
            let found = answer.value
            let start = found.days.first(where: \.isKnown)?.day
            if session.output == .json || start != nil {
                try session.show(answer.json, as: byDay ? found.table : found.trends)
            }
            if let start, start != found.from {
                try session.console.note("nothing is known of the days before \(start)")
            }
            let which = session.project == nil ? "that you may see" : "of this project"
            if let note = found.completeness.note(which) {
                try session.console.note(note)
            } else if start == nil {
                try session.console.note("nothing is known of these days")
            }
        }
    }
}
