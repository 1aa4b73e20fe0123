import ArgumentParser

/// `pratique project member remove`.
struct ProjectMemberRemove: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "remove",
        abstract: "Take a member out of a project.",
        discussion: """
            The user stays in the organization.

            EXAMPLES
                $ pratique project member remove ada --project shop
                $ pratique project member remove ada@example.org --yes
            """
    )

    @Argument(help: ArgumentHelp("The member.", valueName: "id, name or email"))
    var user: String

    @OptionGroup var confirmation: Confirmation
    @OptionGroup(title: "Server options") var server: ServerOptions

    func run() async throws {
        try await server.withSession { session in
            let project = try await session.project()
            let id = try await session.member(user, in: session.organization())
            try confirmation.require("Remove \"\(user)\" (\(id)) from the project \(project)?")
            _ = try await session.client.send(.delete(APIPath("project", "\(project)", "members", "\(id)")))
            try session.console.note("removed \"\(user)\" from the project")
        }
    }
}
