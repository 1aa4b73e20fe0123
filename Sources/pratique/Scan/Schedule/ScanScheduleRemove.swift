import ArgumentParser

/// `pratique scan schedule remove`.
struct ScanScheduleRemove: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "remove",
        abstract: "Delete a schedule; its scans and their results stay.",
        discussion: """
            EXAMPLES
                $ pratique scan schedule remove 0198c0de-0000-7000-8000-00000000000c
                $ pratique scan schedule remove 0198c0de-0000-7000-8000-00000000000c --yes
            """
    )

    @Argument(help: ArgumentHelp("The schedule.", valueName: "id"))
    var schedule: String

    @OptionGroup var confirmation: Confirmation
    @OptionGroup(title: "Server options") var server: ServerOptions

    func run() async throws {
        guard let id = ResourceID(schedule) else {
            throw CommandFailure.usage("a schedule is named by its id", hint: "pratique scan schedule list shows it")
        }
        try await server.withSession { session in
            let project = try await session.project()
            let path = APIPath("project", "\(project)", "scan", "schedules", "\(id)")
            let found: Schedule = try await session.client.send(.get(path)).decoded()
            try confirmation.require("Remove the schedule of \(found.imageName) (\(id))?")
            _ = try await session.client.send(.delete(path))
            try session.console.note("removed the schedule of \(found.imageName)")
        }
    }
}
