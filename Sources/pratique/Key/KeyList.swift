import ArgumentParser

extension Session {
    func keys() async throws -> APIClient.Listing<Key> {
        try await client.list(APIPath("user", "api-keys"), noun: "apiKeys")
    }
}

/// `pratique key list`.
struct KeyList: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list",
        abstract: "List your API keys, without the keys themselves.",
        discussion: """
            EXAMPLES
                $ pratique key list

              The keys that never expire:
                $ pratique key list -o json | jq '.apiKeys[] | select(.neverExpires)'
            """
    )

    @OptionGroup(title: "Server options") var server: ServerOptions

    func run() async throws {
        try await server.withSession { session in
            try session.show(await session.keys(), header: Key.header, row: \.row)
        }
    }
}
