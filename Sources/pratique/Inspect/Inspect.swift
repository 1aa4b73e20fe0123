import ArgumentParser
import Foundation
import Inventory
import OCI
import Scanning

/// `pratique inspect`.
struct Inspect: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "inspect",
        abstract: "Read an image on the spot: what is installed, and what is known to be wrong with it.",
        discussion: """
            Needs no server and stores nothing. Logins come from Docker's configuration and its credential helpers.

            EXAMPLES
              Packages of an OCI layout directory:
                $ pratique inspect oci:build/image:latest --list-packages
            """
    )

    @Argument(
        help: ArgumentHelp(
            "A reference, oci:DIRECTORY[:TAG] or docker-archive:FILE[:REFERENCE].",
            valueName: "image"
        )
    )
    var image: String

    @Flag(help: "List the packages.")
    var listPackages = false

    func run() async throws {
        let variables = ProcessInfo.processInfo.environment
        let location = try ImageLocation(image)
        let source: any ImageSource
        switch location {
        case .layout(let directory, let tag): source = LayoutImage(directory: directory, tag: tag)
        case .archive(let file, let reference): source = try ArchiveImage(path: file, reference: reference)
        case .registry: throw CommandFailure("registries come next")
        }
        let progress = ScanProgress()
        let scanned = try await ProgressBar.showing(progress, variables: variables) {
            try await ImageScanner().scan(source, progress: progress)
        }
        let console = Console.standard
        try console.write(
            Table(
                header: ["KIND", "NAME", "VERSION", "LAYER"],
                rows: scanned.inventory.packages.map {
                    [$0.kind.rawValue, $0.name, $0.version, $0.locations.first?.layer.map(String.init) ?? ""]
                }
            )
        )
    }
}
