import ArgumentParser

/// `pratique scan schedule list`.
struct ScanScheduleList: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list",
        abstract: "List the schedules of a project, with what went wrong.",
        discussion: """
            EXAMPLES
                $ pratique scan schedule list
                $ pratique scan schedule list -o json | jq '.schedules[] | select(.lastError)'
            """
    )

    @OptionGroup(title: "Server options") var server: ServerOptions

    func run() async throws {
        try await server.withSession { session in
            let project = try await session.project()
            let path = APIPath("project", "\(project)", "scan", "schedules")
            let schedules: APIClient.Listing<Schedule> = try await session.client.list(path, noun: "schedules")
            try session.show(schedules, header: Schedule.header, row: \.row)
        }
    }
}
