import ArgumentParser

/// `pratique credential link`.
struct CredentialLink: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "link",
        abstract: "Let projects use a credential.",
        discussion: """
            Links that are there stay.

            EXAMPLES
                $ pratique credential link harbor-ci shop
                $ pratique credential link harbor-ci shop warehouse billing
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
                given.reduce(into: there) { links, project in
                    if !links.contains(project) { links.append(project) }
                }
            }
        }
    }
}
