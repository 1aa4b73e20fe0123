import ArgumentParser

/// `pratique organization rename`.
struct OrganizationRename: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "rename",
        abstract: "Give the organization another name.",
        discussion: """
            EXAMPLES
                $ pratique organization rename "Acme Limited"
                $ pratique organization rename acme \\
                    --organization 0198c0de-0000-7000-8000-000000000004
            """
    )

    @Argument(help: ArgumentHelp("The new name.", valueName: "new name"))
    var name: String

    @OptionGroup(title: "Server options") var server: ServerOptions

    func run() async throws {
        try await server.withSession { session in
            let path = APIPath("organization", "\(try await session.organization())")
            let request = APIRequest.patch(path, .fields(["name": name]))
            let organization: Received<Organization> = try await session.client.send(request).decoded()
            try session.show(organization.json, as: organization.value.table)
        }
    }
}
