import ArgumentParser

/// `pratique project member list`.
struct ProjectMemberList: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list",
        abstract: "List the members of a project.",
        discussion: """
            EXAMPLES
                $ pratique project member list
                $ pratique project member list --project shop -o json
            """
    )

    @OptionGroup(title: "Server options") var server: ServerOptions

    func run() async throws {
        try await server.withSession { session in
            let path = APIPath("project", "\(try await session.project())", "members")
            try session.show(await session.members(at: path), header: Member.header, row: \.row)
        }
    }
}
