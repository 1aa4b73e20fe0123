import ArgumentParser

/// `pratique advisory`: the group.
struct AdvisoryCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "advisory",
        abstract: "Keep the advisory database that images are held against.",
        discussion: """
            EXAMPLES
                $ pratique advisory import https://osv-vulnerabilities.storage.googleapis.com/Debian/all.zip
                $ pratique advisory status
            """,
        subcommands: [AdvisoryImportCommand.self, AdvisoryStatus.self]
    )
}
