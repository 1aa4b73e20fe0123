import ArgumentParser

/// `pratique credential health`.
struct CredentialHealth: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "health",
        abstract: "Show which credentials of the organization need somebody's attention.",
        discussion: """
            Broken, too strong, expired or about to, unused for 90 days, and which projects lose what. Exit status 1 when a \
            credential is broken or expired.

            EXAMPLES
                $ pratique credential health
                $ pratique credential health -o json | jq '.expiringWithinDays["7"]'
            """
    )

    @Option(help: ArgumentHelp("Credentials in each list; 100 at most.", valueName: "count"))
    var limit: Int?

    @OptionGroup(title: "Server options") var server: ServerOptions

    func run() async throws {
        try await server.withSession { session in
            let organization = try await session.organization()
            let path = APIPath(
                "organization",
                "\(organization)",
                "credentials",
                "health",
                query: [("limit", limit.map { "\($0)" })]
            )
            let health: Received<OrganizationHealth> = try await session.client.send(.get(path)).decoded()
            switch server.output {
            case .json: try session.console.write(json: health.json)
            case .table: try session.console.write(health.value.report(styled: session.console.isStyled))
            }
            if health.value.isBroken { throw ExitCode.failure }
        }
    }
}
