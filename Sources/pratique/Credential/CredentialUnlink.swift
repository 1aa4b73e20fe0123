import ArgumentParser

/// `pratique credential unlink`.
struct CredentialUnlink: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "unlink",
        abstract: "Stop projects from using a credential.",
        discussion: """
            The credential stays stored, and the other links stay.

            EXAMPLES
                $ pratique credential unlink harbor-ci shop
                $ pratique credential unlink harbor-ci warehouse billing
            """
    )

    @Argument(help: ArgumentHelp("The credential.", valueName: "id or name"))
    var credential: String

    @Argument(help: ArgumentHelp("The projects.", valueName: "project"))
    var projects: [String]

    @OptionGroup(title: "Server options") var server: ServerOptions

    func run() async throws {
        try await server.withSession { session in
            try await session.changeLinks(of: credential, projects: projects) { there, given in
                there.filter { !given.contains($0) }
            }
        }
    }
}
