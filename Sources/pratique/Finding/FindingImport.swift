import ArgumentParser
import Foundation

/// `pratique finding import`.
struct FindingImport: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "import",
        abstract: "Decide findings by an OpenVEX document.",
        discussion: """
            not_affected ignores a finding, fixed resolves it, affected confirms it. Products that no finding is of are told on standard \
            error. The same document sent again changes nothing.

            EXAMPLES
                $ pratique finding import app.openvex.json
                $ vexctl merge *.json | pratique finding import -
            """
    )

    @Argument(help: ArgumentHelp("The document; - is standard input.", valueName: "file"), completion: .file())
    var file: String

    @OptionGroup(title: "Server options") var server: ServerOptions

    /// The server takes no larger document.
    private static let limit = 1 << 20

    private struct Imported: Decodable, Sendable {
        struct Result: Decodable, Sendable {
            let path: String
            let vulnerability: String
            let status: String
            let matched: Int
            let unmatchedProducts: [String]
        }

        let matched: Int
        let changed: Int
        let results: [Result]
    }

    func run() async throws {
        let document: JSONValue
        do {
            document = try JSONDecoder().decode(JSONValue.self, from: try read())
        } catch is DecodingError {
            throw CommandFailure("\(file) is not JSON")
        }
        try await server.withSession { session in
            let project = try await session.project()
            let path = APIPath("project", "\(project)", "results", "container", "vex")
            let answer: Received<Imported> = try await session.client.send(.post(path, document)).decoded()
            let rows = answer.value.results.map { [$0.vulnerability, $0.status, "\($0.matched)", $0.path] }
            try session.show(answer.json, as: Table(header: ["FLAW", "STATUS", "FINDINGS", "STATEMENT"], rows: rows))
            try session.console.note("\(answer.value.changed) of \(answer.value.matched) findings changed")
            for product in answer.value.results.flatMap(\.unmatchedProducts).prefix(20) {
                try session.console.note("no finding is of \(product)")
            }
        }
    }

    private func read() throws -> Data {
        let bytes =
            try file == "-"
            ? BoundedInput.read(descriptor: STDIN_FILENO, name: "standard input", limit: Self.limit)
            : BoundedInput.read(path: file, limit: Self.limit)
        return Data(bytes)
    }
}
