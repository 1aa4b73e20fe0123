import ArgumentParser

/// `pratique scan cancel`.
struct ScanCancel: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "cancel",
        abstract: "End a scan before its result.",
        discussion: """
            Earlier results of the image stay. To a scan that has ended nothing happens.

            EXAMPLES
                $ pratique scan cancel 0198c0de-0000-7000-8000-00000000000b
            """
    )

    @Argument(help: ArgumentHelp("The scan.", valueName: "id"))
    var scan: String

    @OptionGroup(title: "Server options") var server: ServerOptions

    func run() async throws {
        let id = try ScanShow.id(scan)
        try await server.withSession { session in
            let project = try await session.project()
            let path = APIPath("project", "\(project)", "scan", "\(id)", "cancel")
            let found: Received<Scan> = try await session.client.send(.post(path)).decoded()
            try session.show(found.json, as: found.value.table)
        }
    }
}
