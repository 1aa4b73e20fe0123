import ArgumentParser

/// `pratique scan`: the group.
struct ScanCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "scan",
        abstract: "Let the server scan an image.",
        discussion: """
            The server pulls with a credential that is linked to your project, or without one for a public image, and keeps \
            what it found.

            EXAMPLES
                $ pratique scan start shop/app:1.4 --credential harbor-ci --watch
                $ pratique scan list
            """,
        subcommands: [
            ScanStart.self, ScanList.self, ScanShow.self, ScanCancel.self, ScanScheduleCommand.self,
        ]
    )
}
