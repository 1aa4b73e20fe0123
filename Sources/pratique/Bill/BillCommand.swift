import ArgumentParser

/// `pratique sbom`: the group.
struct BillCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "sbom",
        abstract: "Fetch what the server knows of an image, as a document for other programs.",
        discussion: """
            EXAMPLES
                $ pratique sbom get shop/app:1.4 > app.cdx.json
                $ pratique sbom get shop/app:1.4 -o sarif --output-file app.sarif
            """,
        subcommands: [BillGet.self]
    )
}
