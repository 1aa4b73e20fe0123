import ArgumentParser

/// Fills the database of a service that does not run with more scans and findings than a bench could ask for one by one.
@main
struct Seeds: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "seed-scans",
        abstract: "Rows of a big project, written as a worker writes them.",
        subcommands: [SeedFindings.self, SeedQueue.self]
    )
}
