import ArgumentParser

/// `pratique credential add harbor`.
struct CredentialAddHarbor: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "harbor",
        abstract: "Store the account of a Harbor project, best a robot account.",
        discussion: """
            \(SecretFile.explanation)

            EXAMPLES
              The password is asked for:
                $ pratique credential add harbor --harbor-url https://harbor.example.org \\
                    --harbor-project shop --username 'robot$shop+ci' --project shop

              From a password manager, without a terminal:
                $ pass show harbor/ci | pratique credential add harbor \\
                    --harbor-url https://harbor.example.org \\
                    --harbor-project shop --username 'robot$shop+ci' --password-file -

              The file that Harbor exports, proven before it is stored:
                $ pratique credential add harbor --verify --password-file robot.json \\
                    --harbor-url https://harbor.example.org \\
                    --harbor-project shop --username 'robot$shop+ci'
            """
    )

    @Option(help: ArgumentHelp("Where Harbor is.", valueName: "url"))
    var harborUrl: String

    @Option(help: ArgumentHelp("The project in Harbor.", valueName: "name"))
    var harborProject: String

    @Option(help: ArgumentHelp("The account, such as 'robot$shop+ci'.", valueName: "name"))
    var username: String

    @Option(help: ArgumentHelp("The password's file; - is standard input.", valueName: "file"), completion: .file())
    var passwordFile: String?

    @OptionGroup var label: CredentialAdd.Label
    @OptionGroup var probe: ProbeOptions
    @OptionGroup(title: "TLS of the registry") var trust: RegistryTrust
    @OptionGroup(title: "Server options") var server: ServerOptions

    func run() async throws {
        try await server.withSession { session in
            let fields = [
                "harborUrl": harborUrl, "harborProject": harborProject, "username": username,
                "name": label.name, "description": label.description,
            ]
            try await session.store(
                .harbor,
                fields.merging(trust.fields()) { $1 },
                probe,
                secret: SecretFile.source(passwordFile)
            )
        }
    }
}
