import ArgumentParser

/// `pratique scan schedule add`.
struct ScanScheduleAdd: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "add",
        abstract: "Scan tags of a repository when they change, every day, or every week.",
        discussion: """
            In the tag a * stands for any characters; quote it, or the shell takes it. Changes are looked for every quarter of an hour.

            EXAMPLES
                $ pratique scan schedule add 'shop/app:release-*' --credential harbor-ci
                $ pratique scan schedule add node:22-alpine --when weekly
            """
    )

    /// The words of the command line.
    enum When: String, ExpressibleByArgument, CaseIterable, Sendable {
        case change, daily, weekly

        /// The API's word.
        var word: String { self == .change ? "on_change" : rawValue }
    }

    @Argument(help: ArgumentHelp("The image, with a tag or a pattern of tags.", valueName: "image"))
    var image: String

    @Option(help: "change, daily or weekly.")
    var when: When = .change

    @Option(help: ArgumentHelp("Pull with this credential; without one the image is public.", valueName: "id or name"))
    var credential: String?

    @Option(help: ArgumentHelp("The branch that the images were built from.", valueName: "name"))
    var branch: String?

    @Option(help: ArgumentHelp("Which variant of the image.", valueName: "os/architecture"))
    var platform: String?

    @OptionGroup(title: "Server options") var server: ServerOptions

    func run() async throws {
        try await server.withSession { session in
            let (project, id): (ResourceID, ResourceID?)
            if let credential {
                let linked = try await session.linkedCredential(credential)
                (project, id) = (linked.project, linked.found.value.id)
            } else {
                (project, id) = (try await session.project(), nil)
            }
            let body = JSONValue.fields([
                "imageName": image, "when": when.word, "credentialId": id.map { "\($0)" }, "branch": branch,
                "platform": platform,
            ])
            let path = APIPath("project", "\(project)", "scan", "schedules")
            let made: Received<Schedule> = try await session.client.send(.create(path, body)).decoded()
            try session.show(made.json, as: made.value.table)
        }
    }
}
