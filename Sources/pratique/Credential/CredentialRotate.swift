import ArgumentParser

/// `pratique credential rotate`.
struct CredentialRotate: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "rotate",
        abstract: "Replace the secret of a credential.",
        discussion: """
            Id, name and links stay; the version goes up by one. \(SecretFile.explanation)

            EXAMPLES
              The new secret is asked for:
                $ pratique credential rotate harbor-ci

              From a file:
                $ pratique credential rotate harbor-ci --secret-file new-password.txt

              Only if the registry takes it:
                $ pratique credential rotate harbor-ci --verify --expires-at 2027-01-31
            """
    )

    @Argument(help: ArgumentHelp("The credential.", valueName: "id or name"))
    var credential: String

    @Option(
        name: [.customLong("secret-file"), .customLong("password-file"), .customLong("access-token-file")],
        help: ArgumentHelp("The file of the new password or token; - is standard input.", valueName: "file"),
        completion: .file()
    )
    var secretFile: String?

    @OptionGroup var probe: ProbeOptions
    @OptionGroup(title: "Server options") var server: ServerOptions

    func run() async throws {
        try await server.withSession { session in
            let (organization, found) = try await session.credential(credential)
            let kind = try session.kind(of: found.value)
            let secret = try SecretFile.source(secretFile)
                .read(label: "new \(kind.secretLabel)", variables: ClientSettings.processVariables)
            let path = try session.path(of: found.value, in: organization, "rotate", query: probe.query)
            let body = JSONValue.fields(["expiresAt": probe.time]).adding(kind.secretField, secret.jsonValue)
            let answer = try await session.client.send(.create(path, body))
            if let note = answer.note { try session.console.note(note) }
            let rotated: Received<Credential> = try answer.decoded()
            try session.show(rotated.json, as: rotated.value.table)
        }
    }
}
