import ArgumentParser

/// `pratique credential add dockerhub`.
struct CredentialAddDockerHub: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "dockerhub",
        abstract: "Store an access token of Docker Hub.",
        discussion: """
            \(SecretFile.explanation)

            EXAMPLES
              The token is asked for:
                $ pratique credential add dockerhub --username acme --name "hub, read only"

              From a file:
                $ pratique credential add dockerhub --username acme \\
                    --access-token-file token.txt --project shop
            """
    )

    @Option(help: ArgumentHelp("The user or organization at Docker Hub.", valueName: "name"))
    var username: String

    @Option(help: ArgumentHelp("The token's file; - is standard input.", valueName: "file"), completion: .file())
    var accessTokenFile: String?

    @Option(help: ArgumentHelp("Whose repositories to list, if not the username's.", valueName: "name"))
    var namespace: String?

    @Option(
        name: .customLong("repository"),
        help: ArgumentHelp(
            "A repository to prove the credential with and to list; repeat it for more.",
            valueName: "name"
        )
    )
    var repositories: [String] = []

    @OptionGroup var label: CredentialAdd.Label
    @OptionGroup var probe: ProbeOptions
    @OptionGroup(title: "Server options") var server: ServerOptions

    func run() async throws {
        try await server.withSession { session in
            let fields = [
                "dockerhubUsername": username, "namespace": namespace, "name": label.name,
                "description": label.description,
            ]
            try await session.store(
                .dockerhub,
                fields,
                repositories: repositories,
                probe,
                secret: SecretFile.source(accessTokenFile)
            )
        }
    }
}
