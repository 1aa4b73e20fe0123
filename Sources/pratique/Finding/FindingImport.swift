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

            A decision is on a finding, which all tags of a repository share. Where a statement is about some of them (a digest, a tag, a \
            version) and would silence the others too, the finding is left as it is, and the exit status is 1.

            EXAMPLES
                $ pratique finding import app.openvex.json
                $ pratique finding import app.openvex.json --allow-wider
                $ vexctl merge *.json | pratique finding import -
            """
    )

    @Argument(help: ArgumentHelp("The document; - is standard input.", valueName: "file"), completion: .file())
    var file: String

    @Flag(help: "Silence findings in images too that the statements are not about.")
    var allowWider = false

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

        struct Widening: Decodable, Sendable {
            struct Image: Decodable, Sendable {
                let artifactName: String
                let platform: String
            }

            let path: String
            let vulnerability: String
            let packageName: String
            let isDecided: Bool
            let otherImages: Int
            let images: [Image]

            var wording: String {
                var places = images.prefix(3).map { "\($0.artifactName) (\($0.platform))" }.joined(separator: ", ")
                let more = otherImages - min(3, images.count)
                if more > 0 { places += " and \(more) more" }
                let what = isDecided ? "decided for more than is said" : "left as it is"
                return
                    "\(vulnerability) of \(packageName) \(what): \(path) is not about \(places.isEmpty ? "all images" : places)"
            }
        }

        let matched: Int
        let changed: Int
        let results: [Result]
        /// An older server decides for all images, and does not tell.
        let left: Int?
        let widened: [Widening]?
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
            let path = APIPath(
                "project",
                "\(project)",
                "results",
                "container",
                "vex",
                query: [(name: "allowWider", value: allowWider ? "true" : nil)]
            )
            let answer: Received<Imported> = try await session.client.send(.post(path, document)).decoded()
            let rows = answer.value.results.map { [$0.vulnerability, $0.status, "\($0.matched)", $0.path] }
            try session.show(answer.json, as: Table(header: ["FLAW", "STATUS", "FINDINGS", "STATEMENT"], rows: rows))
            try session.console.note("\(answer.value.changed) of \(answer.value.matched) findings changed")
            for product in answer.value.results.flatMap(\.unmatchedProducts).prefix(20) {
                try session.console.note("no finding is of \(product)")
            }
            for widening in (answer.value.widened ?? []).prefix(20) { try session.console.note(widening.wording) }
            if let left = answer.value.left, left > 0 {
                throw CommandFailure(
                    left == 1
                        ? "1 finding is left as it is: other images have it, which the document is not about"
                        : "\(left) findings are left as they are: other images have them, which the document is not about",
                    hint: "--allow-wider decides for those too"
                )
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
