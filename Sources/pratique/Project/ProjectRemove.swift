import ArgumentParser

/// `pratique project remove`.
struct ProjectRemove: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "remove",
        abstract: "Delete a project.",
        discussion: """
            EXAMPLES
                $ pratique project remove shop
                $ pratique project remove 0198c0de-0000-7000-8000-000000000002 --yes
            """
    )

    @Argument(help: ArgumentHelp("The project.", valueName: "id or name"))
    var name: String

    @OptionGroup var confirmation: Confirmation
    @OptionGroup(title: "Server options") var server: ServerOptions

    func run() async throws {
        try await server.withSession { session in
            let id = try await session.project(name)
            try confirmation.require("Remove the project \"\(name)\" (\(id))?")
            _ = try await session.client.send(.delete(APIPath("project", "\(id)")))
            try session.console.note("removed the project \"\(name)\"")
        }
    }
}
