import ArgumentParser

/// `pratique project member`: the group.
struct ProjectMemberCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "member",
        abstract: "Say who may do what in a project.",
        discussion: """
            The project is the one of --project, else the stored default, else the only one there is.

            EXAMPLES
                $ pratique project member list --project shop
                $ pratique project member add ada --role developer --project shop
            """,
        subcommands: [
            ProjectMemberList.self, ProjectMemberAdd.self, ProjectMemberRole.self, ProjectMemberRemove.self,
        ]
    )
}

/// The roles of a project, from the most to the least that they allow.
enum ProjectRole: String, CaseIterable, ExpressibleByArgument {
    case manager
    case analyst
    case developer
    case readOnly = "read_only"
}
