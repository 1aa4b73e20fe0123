import ArgumentParser

/// `pratique project create`.
struct ProjectCreate: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "create",
        abstract: "Make a project in the organization.",
        discussion: """
            EXAMPLES
                $ pratique project create shop
                $ pratique project create shop --description "the web shop" \\
                    --organization acme
            """
    )

    @Argument(help: "What to call it.")
    var name: String

    @Option(help: "What it is for.")
    var description: String?

    @OptionGroup(title: "Server options") var server: ServerOptions

    func run() async throws {
        try await server.withSession { session in
            let path = APIPath("organization", "\(try await session.organization())", "project")
            let body = JSONValue.fields(["name": name, "description": description])
            let project: Received<Project> = try await session.client.send(.create(path, body)).decoded()
            try session.show(project.json, as: project.value.table)
        }
    }
}
