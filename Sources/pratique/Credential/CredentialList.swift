import ArgumentParser

/// `pratique credential list`.
struct CredentialList: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list",
        abstract: "List the credentials of the organization or of one project.",
        discussion: """
            EXAMPLES
              Everything the organization has stored:
                $ pratique credential list

              What one project may use, of one kind:
                $ pratique credential list --project shop --kind harbor

              The ids alone:
                $ pratique credential list -o json | jq -r '.credentials[].id'
            """
    )

    @Option(help: "Only credentials of this kind of registry.")
    var kind: RegistryKind?

    @OptionGroup(title: "Server options") var server: ServerOptions

    func run() async throws {
        try await server.withSession { session in
            // The stored default project is for storing; a list is cut down only by who asks for it.
            guard let project = server.connection.project else {
                let listing = try await session.credentials(of: session.organization(), kind: kind?.rawValue)
                return try session.show(listing, header: Credential.header, row: \.row)
            }
            let listing = try await session.credentials(ofProject: session.project(project))
                .filtered { kind == nil || $0.registryType == kind?.rawValue }
            try session.show(listing, header: Credential.header.dropLast(), row: { $0.row.dropLast() })
        }
    }
}
