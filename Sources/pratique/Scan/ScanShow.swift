import ArgumentParser

/// `pratique scan show`.
struct ScanShow: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show",
        abstract: "Show one scan: where it stands, and why it failed if it did.",
        discussion: """
            EXAMPLES
                $ pratique scan show 0198c0de-0000-7000-8000-00000000000b
                $ pratique scan show 0198c0de-0000-7000-8000-00000000000b --watch
            """
    )

    @Argument(help: ArgumentHelp("The scan.", valueName: "id"))
    var scan: String

    @Flag(help: "Wait for the end.")
    var watch = false

    @OptionGroup(title: "Server options") var server: ServerOptions

    func run() async throws {
        let id = try ScanShow.id(scan)
        try await server.withSession { session in
            let project = try await session.project()
            let found =
                watch ? try await session.watch(id, of: project) : try await session.scan(id, of: project)
            try session.show(found.json, as: found.value.table)
            if watch, let failure = found.value.failure { throw failure }
        }
    }

    /// A scan has no name.
    static func id(_ text: String) throws -> ResourceID {
        guard let id = ResourceID(text) else {
            throw CommandFailure.usage("a scan is named by its id", hint: "pratique scan list shows it")
        }
        return id
    }
}
