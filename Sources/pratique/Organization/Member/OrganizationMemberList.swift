import ArgumentParser

/// `pratique organization member list`.
struct OrganizationMemberList: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list",
        abstract: "List the members of the organization.",
        discussion: """
            EXAMPLES
                $ pratique organization member list
                $ pratique organization member list --organization acme -o json
            """
    )

    @OptionGroup(title: "Server options") var server: ServerOptions

    func run() async throws {
        try await server.withSession { session in
            let path = APIPath("organization", "\(try await session.organization())", "members")
            try session.show(await session.members(at: path), header: Member.header, row: \.row)
        }
    }
}
