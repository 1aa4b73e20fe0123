import ArgumentParser
import Foundation

/// The two streams of a command: data on standard output, all other words on standard error.
struct Console: Sendable {
    /// Whether standard output is a terminal that wants to be addressed with escape sequences.
    let isStyled: Bool

    /// Follows no-color.org, and `TERM=dumb` for terminals that show escape sequences as text.
    init(variables: [String: String], outputIsTerminal: Bool) {
        let refusesColor = variables["NO_COLOR"].map { !$0.isEmpty } ?? false
        isStyled = outputIsTerminal && !refusesColor && variables["TERM"] != "dumb"
    }

    static var standard: Console {
        Console(variables: ProcessInfo.processInfo.environment, outputIsTerminal: isatty(STDOUT_FILENO) == 1)
    }

    func write(_ text: String) throws {
        try Self.write(text, to: STDOUT_FILENO)
    }

    /// Writes to `file`, which appears whole or not at all, or to standard output without one.
    func write(_ text: String, toFile file: String?) throws {
        guard let file else { return try write(text) }
        do {
            try Data(text.utf8).write(to: URL(fileURLWithPath: file), options: .atomic)
        } catch let error as CocoaError {
            throw CommandFailure("cannot write \(file): \(error.localizedDescription)")
        }
    }

    func write(_ table: Table) throws {
        try write(table.rendered(styled: isStyled))
    }

    func write(json value: some Encodable) throws {
        try write(JSONText.pretty(value))
    }

    /// One line about the data that is not part of it.
    func note(_ text: String) throws {
        try Self.write("note: \(PrintableText.strip(text))\n", to: STDERR_FILENO)
    }

    private static func write(_ text: String, to descriptor: Int32) throws {
        var rest = Array(text.utf8)[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { Foundation.write(descriptor, $0.baseAddress, $0.count) }
            if count < 0, errno == EINTR { continue }
            // The reader, such as `head`, has enough. NIO ignores the signal that ends other programs here, so its status
            // is returned without a word.
            if count < 0, errno == EPIPE { throw ExitCode(128 + SIGPIPE) }
            guard count >= 0 else { throw CommandFailure("cannot write the output: \(BoundedInput.reason())") }
            rest = rest.dropFirst(count)
        }
    }
}
