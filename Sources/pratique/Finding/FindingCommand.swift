import ArgumentParser

/// `pratique finding`: the group.
struct FindingCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "finding",
        abstract: "See what scans found, and decide about it.",
        discussion: """
            A finding is a flaw of a package in a repository. It outlives tags, digests and scans, and so does what you decide.

            EXAMPLES
                $ pratique finding list --severity critical --fixable
                $ pratique finding where CVE-2026-0001
                $ pratique finding overview --days 90
                $ pratique finding decide 0198c0de-… --status ignored --reason unused
            """,
        subcommands: [
            FindingList.self, FindingOverview.self, FindingWhere.self, FindingDecide.self, FindingImport.self,
        ]
    )
}
