import ArgumentParser

/// `pratique project list`.
struct ProjectList: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list",
        abstract: "List the projects of the organization.",
        discussion: """
            EXAMPLES
                $ pratique project list
                $ pratique project list --organization acme -o json
            """
    )

    @OptionGroup(title: "Server options") var server: ServerOptions

    func run() async throws {
        try await server.withSession { session in
            let listing = try await session.projects(of: session.organization())
            try session.show(listing, header: Project.header, row: \.row)
        }
    }
}
