import ArgumentParser
import Testing

@testable import pratique

/// One command of the tree with the words that call it.
struct CommandNode: Sendable, CustomTestStringConvertible {
    let words: [String]
    let type: any ParsableCommand.Type

    var testDescription: String { words.joined(separator: " ") }

    static let all: [CommandNode] = tree(Pratique.self, words: [])

    private static func tree(_ type: any ParsableCommand.Type, words: [String]) -> [CommandNode] {
        let here = words + [type.configuration.commandName ?? type._commandName]
        return [CommandNode(words: here, type: type)] + type.configuration.subcommands.flatMap { tree($0, words: here) }
    }
}

@Suite struct CommandHelpTests {
    @Test(arguments: CommandNode.all)
    func everyCommandTeachesWithAnExampleOfItself(node: CommandNode) {
        let configuration = node.type.configuration
        #expect(!configuration.abstract.isEmpty)
        #expect(configuration.discussion.contains(node.words.joined(separator: " ")))
    }

    // Wrapping would cut an example in two.
    @Test(arguments: CommandNode.all)
    func examplesFitATerminal(node: CommandNode) {
        let examples = node.type.configuration.discussion.split(separator: "EXAMPLES").dropFirst().joined()
        for line in examples.split(separator: "\n") {
            #expect(line.count <= 80, "\(line)")
        }
    }

    // Arguments can be read by every user of the machine: only files of secrets are named there.
    @Test(arguments: CommandNode.all)
    func noOptionTakesASecret(node: CommandNode) throws {
        let help = node.type.helpMessage(includeHidden: true, columns: 200)
        for name in ["password", "secret", "token", "access-token", "key", "api-key"] {
            #expect(!help.contains("--\(name) <"))
        }
    }

    @Test func theWholeTreeIsLookedAt() {
        #expect(CommandNode.all.count > 30)
    }
}
