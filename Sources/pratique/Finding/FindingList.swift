import Advisories
import ArgumentParser

/// `pratique finding list`.
struct FindingList: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list",
        abstract: "List the findings of a project, the worst first.",
        discussion: """
            What the list cannot know is told on standard error, and in JSON as completeness. With --fail-on the exit status \
            is 2 when the list has a finding as bad as that, and 1 when it is not whole. What somebody ignored or resolved does \
            not count, unless --status names it.

            EXAMPLES
                $ pratique finding list --severity critical --severity high --fixable
                $ pratique finding list --status to_verify --fail-on high
                $ pratique finding list --unmatched
            """
    )

    @Option(help: ArgumentHelp("Only these; may be given more than once.", valueName: "severity"))
    var severity: [String] = []

    @Option(help: ArgumentHelp("Only these: to_verify, confirmed, resolved, ignored.", valueName: "status"))
    var status: [String] = []

    @Flag(help: "Only those with a version to go to.")
    var fixable = false

    @Option(help: ArgumentHelp("Only of this image.", valueName: "id"))
    var image: String?

    @Option(help: ArgumentHelp("Part of a package's name or of an id.", valueName: "text"))
    var search: String?

    @Flag(help: "Those that were decided and that no image has any more.")
    var unmatched = false

    @Option(help: ArgumentHelp("Stop after so many.", valueName: "count"))
    var limit = 1_000

    @Option(
        help: ArgumentHelp(
            "Exit status 2 for findings as bad as this, or worse. With negligible everything counts, unknown severities too.",
            valueName: "severity"
        )
    )
    var failOn: String?

    @OptionGroup(title: "Server options") var server: ServerOptions

    func validate() throws {
        let narrows = !severity.isEmpty || !status.isEmpty || fixable || image != nil || search != nil || failOn != nil
        if unmatched, narrows { throw ValidationError("--unmatched stands alone") }
        if limit < 1 { throw ValidationError("--limit must be at least 1") }
        if let failOn, Severity(rawValue: failOn) == nil {
            let words = Severity.allCases.map(\.rawValue).joined(separator: ", ")
            throw ValidationError("--fail-on must be one of: \(words)")
        }
    }

    func run() async throws {
        try await server.withSession { session in
            let project = try await session.project()
            var items: [Received<StoredFinding>] = []
            let first = try await page(1, project, session)
            items += first.value.vulnerabilities
            var number = 1
            while number < first.value.totalPages, items.count < limit {
                number += 1
                items += try await page(number, project, session).value.vulnerabilities
            }
            items = Array(items.prefix(limit))
            try show(items, first, session)
            try gate(items, first.value)
        }
    }

    private func page(_ number: Int, _ project: ResourceID, _ session: Session) async throws -> Received<FindingPage> {
        var query: [(name: String, value: String?)] = []
        for word in severity { query.append((name: "severity", value: word)) }
        for word in status { query.append((name: "status", value: word)) }
        query.append((name: "hasAutofix", value: fixable ? "true" : nil))
        query.append((name: "imageId", value: image))
        query.append((name: "searchQuery", value: search))
        query.append((name: "page", value: "\(number)"))
        query.append((name: "limit", value: "100"))
        let end = unmatched ? ["decisions", "unmatched"] : []
        let path = APIPath(["project", "\(project)", "results", "container"] + end, query: query)
        return try await session.client.send(.get(path)).decoded()
    }

    private func show(
        _ items: [Received<StoredFinding>],
        _ first: Received<FindingPage>,
        _ session: Session
    ) throws {
        let json = JSONValue.object([
            "vulnerabilities": .array(items.map(\.json)), "total": .integer(Int64(first.value.total)),
            "completeness": first.json["completeness"] ?? .null,
        ])
        if session.output == .json || !items.isEmpty {
            try session.show(json, as: Table(header: StoredFinding.header, rows: items.map(\.value.row)))
        } else {
            try session.console.note("no findings")
        }
        if items.count < first.value.total {
            try session.console.note("\(items.count) of \(first.value.total); --limit shows more")
        }
        if let note = first.value.note { try session.console.note(note) }
    }

    /// A gate that saw only a part must not open.
    private func gate(_ items: [Received<StoredFinding>], _ page: FindingPage) throws {
        guard let failOn, let threshold = Severity(rawValue: failOn) else { return }
        let count = items.count { item in
            (!status.isEmpty || !item.value.isSettled)
                && (Severity(rawValue: item.value.base.currentSeverity) ?? .critical).counts(from: threshold)
        }
        if count > 0 { throw ReportFailure.thresholdMet(count, failOn) }
        if let note = page.note { throw ReportFailure.incomplete("--fail-on cannot be answered: \(note)") }
        if items.count < page.total {
            throw ReportFailure.incomplete("--fail-on cannot be answered: --limit left findings out")
        }
    }
}
