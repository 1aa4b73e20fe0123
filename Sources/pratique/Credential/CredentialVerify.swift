import ArgumentParser

/// `pratique credential verify`.
struct CredentialVerify: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "verify",
        abstract: "Prove a credential against its registry, step by step.",
        discussion: """
            The server asks the registry now and judges by what it grants. ✓ is as it should be, ! is worth a look, ✗ is \
            broken, - was not tried. Exit status 1 when the credential cannot be used.

            EXAMPLES
                $ pratique credential verify harbor-ci
                $ pratique credential verify harbor-ci -o json | jq .rights.excess

              What the last probe came to, without a new one:
                $ pratique credential verify harbor-ci --last
            """
    )

    @Argument(help: ArgumentHelp("The credential.", valueName: "id or name"))
    var credential: String

    @Flag(help: "Show the last probe instead of making one.")
    var last = false

    @OptionGroup(title: "Server options") var server: ServerOptions

    func run() async throws {
        try await server.withSession { session in
            let (organization, found) = try await session.credential(credential)
            let request: APIRequest =
                last
                ? .get(try session.path(of: found.value, in: organization, "verification"))
                : .post(try session.path(of: found.value, in: organization, "verify"))
            let received: Received<CredentialVerification> = try await session.client.send(request).decoded()
            switch server.output {
            case .json: try session.console.write(json: received.json)
            case .table:
                let isStyled = session.console.isStyled
                let title = "\(found.value.title): \(found.value.location ?? found.value.registryType ?? "")"
                try session.console.write(
                    Paint.bold(title, styled: isStyled) + "\n" + received.value.report(styled: isStyled)
                )
            }
            if !received.value.isGood { throw ExitCode.failure }
        }
    }
}
