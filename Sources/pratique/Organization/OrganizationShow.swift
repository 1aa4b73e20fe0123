import ArgumentParser

/// `pratique organization show`.
struct OrganizationShow: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show",
        abstract: "Show the organization that commands work in.",
        discussion: """
            EXAMPLES
                $ pratique organization show
                $ pratique organization show --organization acme -o json
            """
    )

    @OptionGroup(title: "Server options") var server: ServerOptions

    func run() async throws {
        try await server.withSession { session in
            let path = APIPath("organization", "\(try await session.organization())")
            let organization: Received<Organization> = try await session.client.send(.get(path)).decoded()
            try session.show(organization.json, as: organization.value.table)
        }
    }
}
