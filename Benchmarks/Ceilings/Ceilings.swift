import ArgumentParser

/// What this machine could do at most: the two halves of the service without the service.
@main
struct Ceilings: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "ceilings",
        abstract: "The bench's ceilings: a bare route and raw inserts.",
        subcommands: [BareRoute.self, RawInserts.self]
    )
}
