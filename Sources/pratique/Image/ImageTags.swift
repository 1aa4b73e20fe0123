import ArgumentParser

/// `pratique image tags`.
struct ImageTags: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "tags",
        abstract: "List the tags of an image.",
        discussion: """
            The image is named as `pratique image list` shows it under REPOSITORY, slashes and all.

            EXAMPLES
                $ pratique image tags harbor-ci my-app
                $ pratique image tags registry-ci team/worker --artifacts
                $ pratique image tags hub-ci my-app -o json | jq -r '.tags[].digest'
            """
    )

    @Argument(help: ArgumentHelp("The credential.", valueName: "id or name"))
    var credential: String

    @Argument(help: ArgumentHelp("The image.", valueName: "repository"))
    var repository: String

    @OptionGroup var registry: RegistryOptions
    @OptionGroup(title: "Server options") var server: ServerOptions

    func run() async throws {
        try await server.withSession { session in
            let (project, found) = try await session.linkedCredential(credential)
            let parts = ["images", repository, "tags"]
            let path = try session.registryPath(parts, of: found.value, project: project, registry)
            let tags: APIClient.Listing<RegistryTag> =
                try await session.registryList(path, noun: "tags", limit: registry.limit)
            try session.show(tags, header: RegistryTag.header, row: \.row)
        }
    }
}
