import ArgumentParser
import Foundation

/// The question before something is lost: asked on a terminal, answered by `--yes` everywhere else.
struct Confirmation: ParsableArguments {
    @Flag(name: .shortAndLong, help: "Do not ask. Required when standard input is not a terminal.")
    var yes = false

    /// Returns when the answer is yes, else throws.
    func require(_ question: String) throws {
        guard !yes else { return }
        guard isatty(STDIN_FILENO) == 1 else {
            throw CommandFailure.usage("this cannot be undone and there is no terminal to ask on", hint: "add --yes")
        }
        let line = PrintableText.strip(question) + " [y/N] "
        try FileHandle.standardError.write(contentsOf: Data(line.utf8))
        let answer = readLine()?.lowercased()
        guard answer == "y" || answer == "yes" else { throw CommandFailure("nothing was changed") }
    }
}
