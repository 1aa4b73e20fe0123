import ArgumentParser

/// `pratique organization create`.
struct OrganizationCreate: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "create",
        abstract: "Make an organization, with yourself as its administrator.",
        discussion: """
            EXAMPLES
                $ pratique organization create acme
                $ pratique organization create "Acme, second site" -o json
            """
    )

    @Argument(help: "What to call it.")
    var name: String

    @OptionGroup(title: "Server options") var server: ServerOptions

    func run() async throws {
        try await server.withSession { session in
            let request = APIRequest.create(APIPath("organizations"), .fields(["name": name]))
            let organization: Received<Organization> = try await session.client.send(request).decoded()
            try session.show(organization.json, as: organization.value.table)
        }
    }
}
