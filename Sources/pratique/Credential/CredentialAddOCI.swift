import ArgumentParser

/// `pratique credential add oci`.
struct CredentialAddOCI: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "oci",
        abstract: "Store the account of any other registry that follows the OCI distribution spec.",
        discussion: """
            \(SecretFile.explanation)

            EXAMPLES
              The password is asked for:
                $ pratique credential add oci \\
                    --registry-url https://registry.example.org --username ci

              From the environment of a CI job:
                $ PRATIQUE_SECRET="$REGISTRY_PASSWORD" pratique credential add oci \\
                    --registry-url https://registry.example.org --username ci --project shop

              A registry with a CA of its own, proven before it is stored:
                $ pratique credential add oci --verify --username ci \\
                    --registry-url https://registry.internal:5000 \\
                    --registry-ca-certificate company-ca.pem --repository team/app
            """
    )

    @Option(help: ArgumentHelp("Where the registry is.", valueName: "url"))
    var registryUrl: String

    @Option(help: ArgumentHelp("The account.", valueName: "name"))
    var username: String

    @Option(help: ArgumentHelp("The password's file; - is standard input.", valueName: "file"), completion: .file())
    var passwordFile: String?

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
    @OptionGroup(title: "TLS of the registry") var trust: RegistryTrust
    @OptionGroup(title: "Server options") var server: ServerOptions

    func run() async throws {
        try await server.withSession { session in
            let fields = [
                "registryUrl": registryUrl, "username": username,
                "name": label.name, "description": label.description,
            ]
            try await session.store(
                .oci,
                fields.merging(trust.fields()) { $1 },
                repositories: repositories,
                probe,
                secret: SecretFile.source(passwordFile)
            )
        }
    }
}
