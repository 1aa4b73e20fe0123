import ArgumentParser

/// `pratique finding decide`.
struct FindingDecide: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "decide",
        abstract: "Say what findings are.",
        discussion: """
            The decision follows the finding to new tags and versions until it ends; to_verify takes it back.

            EXAMPLES
                $ pratique finding decide 0198c0de-0000-7000-8000-00000000000b \\
                    --status ignored --reason 'not reachable' \\
                    --expires-at 2027-06-30T00:00:00Z
            """
    )

    @Argument(help: ArgumentHelp("The findings.", valueName: "id"))
    var findings: [String]

    @Option(help: ArgumentHelp("to_verify, confirmed, resolved or ignored.", valueName: "status"))
    var status: String

    @Option(help: ArgumentHelp("Why.", valueName: "text"))
    var reason: String?

    @Option(help: ArgumentHelp("When it is to be verified again, in RFC 3339.", valueName: "time"))
    var expiresAt: String?

    @OptionGroup(title: "Server options") var server: ServerOptions

    private struct Decided: Decodable, Sendable {
        let decided: [ResourceID]
        let unknown: [ResourceID]
    }

    func run() async throws {
        try await server.withSession { session in
            let project = try await session.project()
            let body = JSONValue.fields(["status": status, "reason": reason, "expiresAt": expiresAt])
                .adding("vulnerabilityIds", .strings(findings))
            let path = APIPath("project", "\(project)", "results", "container")
            let answer: Received<Decided> = try await session.client.send(.patch(path, body)).decoded()
            let rows = answer.value.decided.map { ["\($0)", status] }
            if session.output == .json || !rows.isEmpty {
                try session.show(answer.json, as: Table(header: ["ID", "STATUS"], rows: rows))
            }
            guard answer.value.unknown.isEmpty else {
                let ids = answer.value.unknown.map(\.description).joined(separator: ", ")
                throw CommandFailure("no findings of this project: \(ids)")
            }
        }
    }
}
