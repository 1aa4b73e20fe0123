import ArgumentParser
import NIOCore

/// `pratique sbom get`.
struct BillGet: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "get",
        abstract: "Fetch the bill of materials of an image, or its findings.",
        discussion: """
            The image is named by its id, or as it was scanned; the registry in front of it may be left out. Without an image the bill \
            is of all images of the project, in CycloneDX. How complete a document is stands in it.

            EXAMPLES
                $ pratique sbom get shop/app:1.4 > app.cdx.json
                $ pratique sbom get shop/app:1.4 -o spdx --output-file app.spdx.json
                $ pratique sbom get shop/app:1.4 --platform linux/arm64 -o csv
                $ pratique sbom get --project shop > shop.cdx.json
            """
    )

    /// The forms of a document.
    enum Format: String, ExpressibleByArgument, CaseIterable {
        case cyclonedx, spdx, sarif, csv, json

        /// The end of the path, and the query.
        fileprivate var path: (String, [(name: String, value: String?)]) {
            switch self {
            case .cyclonedx, .spdx: ("sbom", [("format", rawValue)])
            case .sarif, .csv: (rawValue, [])
            case .json: ("report", [])
            }
        }
    }

    @Argument(help: ArgumentHelp("The image.", valueName: "id or name"))
    var image: String?

    @Option(name: [.customShort("o"), .customLong("output")], help: "cyclonedx, spdx, sarif, csv or json.")
    var format = Format.cyclonedx

    @Option(help: ArgumentHelp("Write there instead of to standard output.", valueName: "file"), completion: .file())
    var outputFile: String?

    @Option(help: ArgumentHelp("Of images that were scanned for several.", valueName: "os/architecture"))
    var platform: String?

    @OptionGroup(title: "Server options") var connection: ConnectionOptions

    func validate() throws {
        if image == nil, format != .cyclonedx { throw ValidationError("\(format.rawValue) is of one image: name it") }
    }

    func run() async throws {
        try await connection.withSession(output: .json) { session in
            let project = try await session.project()
            let path: APIPath
            if let image {
                let id = try await session.scannedImage(image, platform: platform, of: project)
                let (end, query) = format.path
                path = APIPath(
                    ["project", "\(project)", "results", "container", "images", "\(id)", end],
                    query: query
                )
            } else {
                path = APIPath("project", "\(project)", "sbom")
            }
            let answer = try await session.client.send(.document(path))
            let text = String(buffer: answer.body)
            let isJSON = format != .csv
            try session.console.write(
                isJSON ? JSONText.escapingTerminalOrders(text) : BillGet.harmless(text),
                toFile: outputFile
            )
        }
    }

    /// Lines of CSV end with a carriage return; nothing else in it is for a terminal.
    private static func harmless(_ text: String) -> String {
        var kept = String.UnicodeScalarView()
        for scalar in text.unicodeScalars
        where scalar == "\r" || scalar == "\n" || scalar == "\t" || !PrintableText.isDangerous(scalar) {
            kept.append(scalar)
        }
        return String(kept)
    }
}
