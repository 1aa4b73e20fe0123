import ArgumentParser

/// `pratique organization`: the group.
struct OrganizationCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "organization",
        abstract: "Manage organizations and their members.",
        discussion: """
            EXAMPLES
                $ pratique organization list
                $ pratique organization member list --organization acme
            """,
        subcommands: [
            OrganizationList.self, OrganizationCreate.self, OrganizationShow.self, OrganizationRename.self,
            OrganizationMemberCommand.self,
        ]
    )
}
