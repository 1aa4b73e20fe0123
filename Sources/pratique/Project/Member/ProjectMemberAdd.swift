import ArgumentParser

/// `pratique project member add`.
struct ProjectMemberAdd: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "add",
        abstract: "Give a member of the organization a role in a project.",
        discussion: """
            EXAMPLES
                $ pratique project member add ada --role developer --project shop
                $ pratique project member add ada@example.org --role read_only
            """
    )

    @Argument(help: ArgumentHelp("The member of the organization.", valueName: "id, name or email"))
    var user: String

    @Option(help: "What they may do.")
    var role: ProjectRole

    @OptionGroup(title: "Server options") var server: ServerOptions

    func run() async throws {
        try await server.withSession { session in
            let path = APIPath("project", "\(try await session.project())", "members")
            let id = try await session.member(user, in: session.organization())
            let body = JSONValue.fields(["userId": "\(id)", "role": role.rawValue])
            try session.show(try await session.client.send(.create(path, body)).decoded() as Received<Member>)
        }
    }
}
