import ArgumentParser

/// `pratique credential show`.
struct CredentialShow: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show",
        abstract: "Show one credential, without its secret.",
        discussion: """
            EXAMPLES
                $ pratique credential show harbor-ci
                $ pratique credential show 0198c0de-0000-7000-8000-000000000001 -o json

              With only a role in the project:
                $ pratique credential show harbor-ci --project shop
            """
    )

    @Argument(help: ArgumentHelp("The credential.", valueName: "id or name"))
    var credential: String

    @OptionGroup(title: "Server options") var server: ServerOptions

    func run() async throws {
        try await server.withSession { session in
            let found: Received<Credential>
            if let project = server.connection.project {
                found = try Session.find(credential, in: await session.credentials(ofProject: session.project(project)))
            } else {
                found = try await session.credential(credential).found
            }
            try session.show(found.json, as: found.value.table)
        }
    }
}
