import ArgumentParser

/// `pratique project`: the group.
struct ProjectCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "project",
        abstract: "Manage the projects of an organization.",
        discussion: """
            EXAMPLES
                $ pratique project create shop
                $ pratique project member add ada --role developer --project shop
            """,
        subcommands: [
            ProjectList.self, ProjectCreate.self, ProjectShow.self, ProjectRename.self, ProjectRemove.self,
            ProjectMemberCommand.self,
        ]
    )
}
