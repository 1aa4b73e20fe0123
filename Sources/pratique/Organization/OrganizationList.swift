import ArgumentParser

/// `pratique organization list`.
struct OrganizationList: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list",
        abstract: "List the organizations that the key may see.",
        discussion: """
            EXAMPLES
                $ pratique organization list
                $ pratique organization list -o json | jq -r '.organizations[].name'
            """
    )

    @OptionGroup(title: "Server options") var server: ServerOptions

    func run() async throws {
        try await server.withSession { session in
            let listing: APIClient.Listing<Organization> = try await session.client.list(
                APIPath("organizations"),
                noun: "organizations"
            )
            try session.show(listing, header: Organization.header, row: \.row)
        }
    }
}
