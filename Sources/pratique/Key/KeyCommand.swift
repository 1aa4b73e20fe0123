import ArgumentParser

/// `pratique key`: the group.
struct KeyCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "key",
        abstract: "Make, list and revoke your API keys.",
        discussion: """
            EXAMPLES
                $ pratique key create ci --permission start_scan --permission read \\
                    --expires-in-days 30
                $ pratique key list
                $ pratique key revoke ci
            """,
        subcommands: [KeyCreate.self, KeyList.self, KeyRevoke.self]
    )
}

/// What a key can be narrowed to.
enum KeyPermission: String, CaseIterable, ExpressibleByArgument {
    case manageOrganization = "manage_organization"
    case manageProject = "manage_project"
    case manageIntegration = "manage_integration"
    case startScan = "start_scan"
    case read
}
