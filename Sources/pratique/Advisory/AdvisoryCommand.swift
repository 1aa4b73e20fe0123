import ArgumentParser

/// `pratique advisory`: the group.
struct AdvisoryCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "advisory",
        abstract: "Keep the advisory database that images are held against.",
        discussion: """
            EXAMPLES
                $ pratique advisory import ./osv/Debian/all.zip ./osv/PyPI/all.zip
                $ pratique advisory status
            """,
        subcommands: [AdvisoryImportCommand.self, AdvisoryStatus.self]
    )
}
