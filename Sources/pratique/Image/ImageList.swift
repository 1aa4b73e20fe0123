import ArgumentParser

/// `pratique image list`.
struct ImageList: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list",
        abstract: "List the images that a credential can see.",
        discussion: """
            EXAMPLES
                $ pratique image list harbor-ci --project shop

              Another Harbor project, if the credential may see it:
                $ pratique image list harbor-ci --registry-project base-images

              The references alone:
                $ pratique image list harbor-ci -o json | jq -r '.images[].reference'
            """
    )

    @Argument(help: ArgumentHelp("The credential.", valueName: "id or name"))
    var credential: String

    @OptionGroup var registry: RegistryOptions
    @OptionGroup(title: "Server options") var server: ServerOptions

    func run() async throws {
        try await server.withSession { session in
            let (project, found) = try await session.linkedCredential(credential)
            let path = try session.registryPath(["images"], of: found.value, project: project, registry)
            let images: APIClient.Listing<RegistryImage> =
                try await session.registryList(path, noun: "images", limit: registry.limit)
            try session.show(images, header: RegistryImage.header, row: \.row)
        }
    }
}
