import ArgumentParser

/// `pratique scan list`.
struct ScanList: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list",
        abstract: "List the scans of a project, the newest first.",
        discussion: """
            EXAMPLES
                $ pratique scan list
                $ pratique scan list --state failed --limit 10
            """
    )

    @Option(
        help: ArgumentHelp(
            "Only these: queued, running, completed, …; may be given more than once.",
            valueName: "state"
        )
    )
    var state: [String] = []

    @Option(help: ArgumentHelp("Stop after so many.", valueName: "count"))
    var limit = 100

    @OptionGroup(title: "Server options") var server: ServerOptions

    func validate() throws {
        if limit < 1 { throw ValidationError("--limit must be at least 1") }
    }

    func run() async throws {
        try await server.withSession { session in
            let project = try await session.project()
            let path = APIPath("project", "\(project)", "scans").adding(query: state.map { ("state", $0) })
            let scans: APIClient.Listing<Scan> = try await session.client.list(path, noun: "scans", limit: limit)
            try session.show(scans, header: Scan.header, row: \.row)
        }
    }
}
