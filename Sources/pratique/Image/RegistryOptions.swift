import ArgumentParser

/// What both lists of a registry take beside the credential.
struct RegistryOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "Another Harbor project or Docker Hub namespace than the credential's own.",
            valueName: "name"
        )
    )
    var registryProject: String?

    @Flag(help: "List signatures, attestations, SBOMs and charts too.")
    var artifacts = false

    @Option(help: ArgumentHelp("Stop after so many.", valueName: "count"))
    var limit: Int?

    func validate() throws {
        if let limit, limit < 1 { throw ValidationError("--limit must be at least 1") }
    }
}
