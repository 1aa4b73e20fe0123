import ArgumentParser

/// `pratique project rename`.
struct ProjectRename: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "rename",
        abstract: "Give a project another name, or another description.",
        discussion: """
            The id stays, so links and keys go on working.

            EXAMPLES
                $ pratique project rename shop web-shop
                $ pratique project rename shop shop --description "the web shop"
            """
    )

    @Argument(help: ArgumentHelp("The project.", valueName: "id or name"))
    var old: String

    @Argument(help: ArgumentHelp("The new name.", valueName: "new name"))
    var new: String

    @Option(help: "What it is for.")
    var description: String?

    @OptionGroup(title: "Server options") var server: ServerOptions

    func run() async throws {
        try await server.withSession { session in
            let path = APIPath("project", "\(try await session.project(old))")
            let body = JSONValue.fields(["name": new, "description": description])
            let project: Received<Project> = try await session.client.send(.patch(path, body)).decoded()
            try session.show(project.json, as: project.value.table)
        }
    }
}
