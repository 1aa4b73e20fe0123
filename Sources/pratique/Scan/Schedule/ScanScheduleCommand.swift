import ArgumentParser

/// `pratique scan schedule`: the group.
struct ScanScheduleCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "schedule",
        abstract: "Let the server scan images unasked.",
        discussion: """
            EXAMPLES
                $ pratique scan schedule add 'shop/app:release-*' --credential harbor-ci
                $ pratique scan schedule list
            """,
        subcommands: [ScanScheduleAdd.self, ScanScheduleList.self, ScanScheduleRemove.self]
    )
}
