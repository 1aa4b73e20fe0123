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
        try FileHandle.standardOutput.write(contentsOf: Data(text.utf8))
    }

    func write(_ table: Table) throws {
        try write(table.rendered(styled: isStyled))
    }

    func write(json value: some Encodable) throws {
        try write(JSONText.pretty(value))
    }

    /// One line about the data that is not part of it.
    func note(_ text: String) throws {
        try FileHandle.standardError.write(contentsOf: Data("note: \(PrintableText.strip(text))\n".utf8))
    }
}
