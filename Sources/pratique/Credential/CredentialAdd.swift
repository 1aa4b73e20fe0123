import ArgumentParser

/// `pratique credential add`: a group with one command for each kind of registry, since each has fields of its own.
struct CredentialAdd: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "add",
        abstract: "Store a credential for a registry.",
        discussion: """
            \(SecretFile.explanation)

            EXAMPLES
                $ pratique credential add harbor --harbor-url https://harbor.example.org \\
                    --harbor-project shop --username 'robot$shop+ci'
                $ pratique credential add dockerhub --username acme \\
                    --access-token-file token.txt
                $ pratique credential add oci \\
                    --registry-url https://registry.example.org --username ci
            """,
        subcommands: [CredentialAddHarbor.self, CredentialAddDockerHub.self, CredentialAddOCI.self]
    )

    /// What a person may say about a credential of any kind.
    struct Label: ParsableArguments {
        @Option(help: "What to call it.")
        var name: String?

        @Option(help: "What it is for.")
        var description: String?
    }
}
