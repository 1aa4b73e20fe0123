import ArgumentParser

/// `pratique image`: the group.
struct ImageCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "image",
        abstract: "Look at what a registry holds.",
        discussion: """
            The server asks the registry with a stored credential that is linked to your project; you need no secret of the \
            registry.

            EXAMPLES
                $ pratique image list harbor-ci
                $ pratique image tags harbor-ci my-app
            """,
        subcommands: [ImageList.self, ImageTags.self]
    )
}
