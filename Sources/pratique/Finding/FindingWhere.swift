import ArgumentParser

/// `pratique finding where`.
struct FindingWhere: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "where",
        abstract: "List the images of the organization that hold a flaw or a package.",
        discussion: """
            The list is of all projects that your key may read. What it cannot know is told on standard error, and in JSON as \
            completeness.

            EXAMPLES
                $ pratique finding where CVE-2021-44228
                $ pratique finding where --package openssl --version 3.0.1
                $ pratique finding where --purl pkg:pypi/pyyaml@5.3
            """
    )

    @Argument(help: ArgumentHelp("A flaw, by any of its ids.", valueName: "id"))
    var flaw: String?

    @Option(help: ArgumentHelp("A package, by its name.", valueName: "name"))
    var package: String?

    @Option(help: ArgumentHelp("A package, by its package URL.", valueName: "purl"))
    var purl: String?

    @Option(help: ArgumentHelp("Only this version of the package.", valueName: "version"))
    var version: String?

    @Option(help: ArgumentHelp("Stop after so many.", valueName: "count"))
    var limit = 1_000

    @OptionGroup(title: "Server options") var server: ServerOptions

    func validate() throws {
        if [flaw, package, purl].count(where: { $0 != nil }) != 1 {
            throw ValidationError("name a flaw, or a package with --package or --purl")
        }
        if version != nil, flaw != nil { throw ValidationError("--version is of a package") }
        if limit < 1 { throw ValidationError("--limit must be at least 1") }
    }

    /// One page, with what the list cannot know.
    private struct Holdings: Decodable, Sendable {
        struct Item: Decodable, Sendable {
            let artifactName: String
            let platform: String
            let packageName: String
            let installedVersion: String
            let fixedIn: String?
            let severity: String?
            let status: String?
            let projectId: ResourceID
        }

        let images: [Received<Item>]
        let total: Int
        let totalPages: Int
        let completeness: FindingPage.Completeness
    }

    func run() async throws {
        try await server.withSession { session in
            let organization = try await session.organization()
            let first = try await page(1, organization, session)
            var items = first.value.images
            var number = 1
            while number < first.value.totalPages, items.count < limit {
                number += 1
                items += try await page(number, organization, session).value.images
            }
            try show(Array(items.prefix(limit)), first, session)
        }
    }

    private func page(
        _ number: Int,
        _ organization: ResourceID,
        _ session: Session
    ) async throws -> Received<Holdings> {
        let query: [(name: String, value: String?)] = [
            (name: "vulnerability", value: flaw), (name: "package", value: package), (name: "purl", value: purl),
            (name: "version", value: version), (name: "page", value: "\(number)"), (name: "pageSize", value: "100"),
        ]
        let path = APIPath(["organization", "\(organization)", "results", "container", "images"], query: query)
        return try await session.client.send(.get(path)).decoded()
    }

    private func show(_ items: [Received<Holdings.Item>], _ first: Received<Holdings>, _ session: Session) throws {
        let json = JSONValue.object([
            "images": .array(items.map(\.json)), "total": .integer(Int64(first.value.total)),
            "completeness": first.json["completeness"] ?? .null,
        ])
        if session.output == .json || !items.isEmpty {
            let header = ["IMAGE", "PLATFORM", "PACKAGE", "INSTALLED", "FIXED IN", "SEVERITY", "STATUS", "PROJECT"]
            let rows = items.map(\.value).map { item in
                [
                    item.artifactName, item.platform, item.packageName, item.installedVersion,
                    item.severity == nil ? "" : item.fixedIn ?? "no fix", item.severity ?? "", item.status ?? "",
                    "\(item.projectId)",
                ]
            }
            try session.show(json, as: Table(header: header, rows: rows))
        } else {
            try session.console.note("no image holds it")
        }
        if items.count < first.value.total {
            try session.console.note("\(items.count) of \(first.value.total); --limit shows more")
        }
        if let note = first.value.completeness.note("that you may see") { try session.console.note(note) }
    }
}
