import ArgumentParser

/// `pratique organization member role`.
struct OrganizationMemberRole: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "role",
        abstract: "Change the role of a member of the organization.",
        discussion: """
            EXAMPLES
                $ pratique organization member role ada manager
                $ pratique organization member role ada@example.org member \\
                    --organization acme
            """
    )

    @Argument(help: ArgumentHelp("The member.", valueName: "id, name or email"))
    var user: String

    @Argument(help: "What they may do from now on.")
    var role: OrganizationRole

    @OptionGroup(title: "Server options") var server: ServerOptions

    func run() async throws {
        try await server.withSession { session in
            let organization = try await session.organization()
            let id = try await session.member(user, in: organization)
            let path = APIPath("organization", "\(organization)", "member", "role")
            let body = JSONValue.fields(["userId": "\(id)", "role": role.rawValue])
            try session.show(try await session.client.send(.put(path, body)).decoded() as Received<Member>)
        }
    }
}
