import ArgumentParser

/// `pratique whoami`.
struct WhoAmI: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "whoami",
        abstract: "Show who the server takes you for, and until when.",
        discussion: """
            EXAMPLES
                $ pratique whoami

              The end of the key in use:
                $ pratique whoami -o json | jq -r '.apiKey.expiresAt'
            """
    )

    @OptionGroup(title: "Server options") var server: ServerOptions

    func run() async throws {
        try await server.withSession { session in
            let request = APIRequest.get(APIPath("user", "profile"))
            let user: Received<UserProfile> = try await session.client.send(request).decoded()
            try session.show(user.json, as: user.value.table(address: session.client.address))
        }
    }
}
