import ArgumentParser

/// `pratique credential remove`.
struct CredentialRemove: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "remove",
        abstract: "Delete a credential, also from every project it is linked to.",
        discussion: """
            The secret is gone after this. Revoke it at the registry too.

            EXAMPLES
                $ pratique credential remove harbor-ci
                $ pratique credential remove 0198c0de-0000-7000-8000-000000000001 --yes
            """
    )

    @Argument(help: ArgumentHelp("The credential.", valueName: "id or name"))
    var credential: String

    @OptionGroup var confirmation: Confirmation
    @OptionGroup(title: "Server options") var server: ServerOptions

    func run() async throws {
        try await server.withSession { session in
            let (organization, found) = try await session.credential(credential)
            let count = found.value.projectIds?.count ?? 0
            let links = count == 1 ? "1 project" : "\(count) projects"
            try confirmation.require(
                "Remove the credential \"\(found.value.title)\" (\(found.value.id)), linked to \(links)?"
            )
            _ = try await session.client.send(.delete(session.path(of: found.value, in: organization)))
            try session.console.note("removed the credential \"\(found.value.title)\"")
        }
    }
}
