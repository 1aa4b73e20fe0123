import ArgumentParser

/// `pratique organization member`: the group.
struct OrganizationMemberCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "member",
        abstract: "Say who belongs to the organization, and what they may do in it.",
        discussion: """
            EXAMPLES
                $ pratique organization member list
                $ pratique organization member add ada --email ada@example.org \\
                    --role member --issue-key
            """,
        subcommands: [
            OrganizationMemberList.self, OrganizationMemberAdd.self, OrganizationMemberRole.self,
            OrganizationMemberRemove.self,
        ]
    )
}

/// The roles of an organization, from the most to the least that they allow.
enum OrganizationRole: String, CaseIterable, ExpressibleByArgument {
    case administrator
    case manager
    case member
}
