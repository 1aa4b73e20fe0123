import ArgumentParser

/// `pratique organization member remove`.
struct OrganizationMemberRemove: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "remove",
        abstract: "Take a member out of the organization and all of its projects.",
        discussion: """
            EXAMPLES
                $ pratique organization member remove ada
                $ pratique organization member remove ada@example.org --yes
            """
    )

    @Argument(help: ArgumentHelp("The member.", valueName: "id, name or email"))
    var user: String

    @OptionGroup var confirmation: Confirmation
    @OptionGroup(title: "Server options") var server: ServerOptions

    func run() async throws {
        try await server.withSession { session in
            let organization = try await session.organization()
            let id = try await session.member(user, in: organization)
            try confirmation.require("Remove \"\(user)\" (\(id)) from the organization \(organization)?")
            _ = try await session.client.send(.delete(APIPath("organization", "\(organization)", "members", "\(id)")))
            try session.console.note("removed \"\(user)\" from the organization")
        }
    }
}
