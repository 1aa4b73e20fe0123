import ArgumentParser
import Server

@main
struct PratiqueCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "pratique",
        abstract: "x",
        version: Pratique.version,
        subcommands: [Serve.self, Config.self]
    )
}
