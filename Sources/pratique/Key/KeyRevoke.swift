import ArgumentParser

/// `pratique key revoke`.
struct KeyRevoke: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "revoke",
        abstract: "Stop an API key from working, at once and for good.",
        discussion: """
            EXAMPLES
                $ pratique key revoke ci
                $ pratique key revoke 0198c0de-0000-7000-8000-000000000005 --yes
            """
    )

    @Argument(help: ArgumentHelp("The key.", valueName: "id or name"))
    var key: String

    @OptionGroup var confirmation: Confirmation
    @OptionGroup(title: "Server options") var server: ServerOptions

    func run() async throws {
        try await server.withSession { session in
            let keys = try await session.keys().values
            let found = try NameMatch.find(key, in: keys, noun: "key", id: \.id, name: \.name)
            try confirmation.require("Revoke the key \"\(found.name)\" (\(found.id))?")
            _ = try await session.client.send(.delete(APIPath("user", "api-keys", "\(found.id)")))
            try session.console.note("revoked the key \"\(found.name)\"")
        }
    }
}
