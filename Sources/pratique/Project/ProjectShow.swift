import ArgumentParser

/// `pratique project show`.
struct ProjectShow: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show",
        abstract: "Show one project.",
        discussion: """
            EXAMPLES
                $ pratique project show shop
                $ pratique project show 0198c0de-0000-7000-8000-000000000002 -o json
            """
    )

    @Argument(help: ArgumentHelp("The project.", valueName: "id or name"))
    var name: String

    @OptionGroup(title: "Server options") var server: ServerOptions

    func run() async throws {
        try await server.withSession { session in
            let path = APIPath("project", "\(try await session.project(name))")
            let project: Received<Project> = try await session.client.send(.get(path)).decoded()
            try session.show(project.json, as: project.value.table)
        }
    }
}
