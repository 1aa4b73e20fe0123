import ArgumentParser

/// `pratique project member role`.
struct ProjectMemberRole: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "role",
        abstract: "Change the role of a member of a project.",
        discussion: """
            EXAMPLES
                $ pratique project member role ada analyst --project shop
                $ pratique project member role ada@example.org read_only
            """
    )

    @Argument(help: ArgumentHelp("The member.", valueName: "id, name or email"))
    var user: String

    @Argument(help: "What they may do from now on.")
    var role: ProjectRole

    @OptionGroup(title: "Server options") var server: ServerOptions

    func run() async throws {
        try await server.withSession { session in
            let path = APIPath("project", "\(try await session.project())", "member", "role")
            let id = try await session.member(user, in: session.organization())
            let body = JSONValue.fields(["userId": "\(id)", "role": role.rawValue])
            try session.show(try await session.client.send(.put(path, body)).decoded() as Received<Member>)
        }
    }
}
