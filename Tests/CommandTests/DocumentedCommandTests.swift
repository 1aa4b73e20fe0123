import ArgumentParser
import Foundation
import Testing

@testable import pratique

/// A call of the program, as a document or a help text shows it.
struct DocumentedCommand: Sendable, CustomTestStringConvertible {
    let place: String
    let line: String

    var testDescription: String { "\(place): \(line)" }

    /// Those of the pages and of every `--help`.
    static let all: [DocumentedCommand] = {
        let pages = ["README.md"] + ["cli", "scans", "inspect", "operating", "verification"].map { "docs/\($0).md" }
        let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
        // A page that is not there shows nothing, and the count below is not reached.
        let texts = pages.map { ($0, (try? String(contentsOf: root.appending(path: $0), encoding: .utf8)) ?? "") }
        return texts.flatMap { commands(in: $1, of: $0) }
            + CommandNode.all.flatMap { commands(in: $0.type.configuration.discussion, of: $0.testDescription) }
    }()

    /// Lines that begin with a prompt, with those that they go on in.
    private static func commands(in text: String, of place: String) -> [DocumentedCommand] {
        text.replacing(#/\\\n\s*/#, with: " ").split(separator: "\n")
            .map { $0.trimmingCharacters(in: .whitespaces) }
            .filter { $0.hasPrefix("$ ") && $0.contains("pratique ") }
            .map { DocumentedCommand(place: place, line: String($0.dropFirst(2))) }
    }

    /// What the shell would give to the program: what follows its name, up to a pipe, a redirection, another command or a comment.
    var arguments: [String] {
        var words: [String] = []
        var word: String?
        var quote: Character?
        for character in line {
            if let open = quote {
                if character == open { quote = nil } else { word = (word ?? "") + String(character) }
            } else if character == "'" || character == "\"" {
                quote = character
                word = word ?? ""
            } else if character == " " {
                word.map { words.append($0) }
                word = nil
            } else if "|<>;&".contains(character) || (character == "#" && word == nil) {
                if words.contains("pratique") { break }
                words = []
                word = nil
            } else {
                word = (word ?? "") + String(character)
            }
        }
        word.map { words.append($0) }
        return Array(words.drop { $0 != "pratique" }.dropFirst())
    }
}

/// What documents tell people to type is taken as it stands.
@Suite struct DocumentedCommandTests {
    @Test(arguments: DocumentedCommand.all)
    func everyCommandOfTheDocumentsIsOne(command: DocumentedCommand) {
        do {
            _ = try Pratique.parseAsRoot(command.arguments)
        } catch {
            // A request for help or a completion script is an answer too.
            #expect(Pratique.exitCode(for: error).isSuccess, "\(Pratique.fullMessage(for: error))")
        }
    }

    @Test func theDocumentsAreLookedAt() {
        #expect(DocumentedCommand.all.count { $0.place.hasSuffix(".md") } > 60)
        #expect(DocumentedCommand.all.count > 130)
    }

    @Test(arguments: [
        ("pratique a 'b c' --d=\"e\"", ["a", "b c", "--d=e"]), ("cat x | pratique a - > out # why", ["a", "-"]),
        ("KEY=\"$X\" pratique a | jq '.b'", ["a"]), ("pratique", []), ("pratique a ''", ["a", ""]),
    ])
    func argumentsAreThoseOfTheShell(line: String, arguments: [String]) {
        #expect(DocumentedCommand(place: "", line: line).arguments == arguments)
    }
}
