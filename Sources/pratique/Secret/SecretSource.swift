import Foundation
import Sealing

/// Where a command takes a secret from. The command line is not among the places: other users can read it.
enum SecretSource: Equatable {
    case file(String)
    case standardInput
    case environment(name: String)
    case prompt

    /// A private key in PEM with its chain fits; a file given by mistake does not.
    static let limit = 16 * 1024

    /// The file that was named, else the variable that is set, else a question on a terminal, else standard input.
    static func choose(
        file: String?,
        variable: String?,
        variables: [String: String],
        inputIsTerminal: Bool
    ) -> SecretSource {
        if let file { return file == "-" ? .standardInput : .file(file) }
        if let variable, variables[variable]?.isEmpty == false { return .environment(name: variable) }
        return inputIsTerminal ? .prompt : .standardInput
    }

    /// Reads the secret. `label` is what it is called in the question and in errors, such as `password`.
    func read(label: String, variables: [String: String]) throws -> Secret {
        // Room for the line break that is cut afterwards.
        let readLimit = Self.limit + 2
        switch self {
        case .file(let path):
            return try Self.clean(BoundedInput.read(path: path, limit: readLimit), label: label)
        case .standardInput:
            let bytes = try BoundedInput.read(descriptor: STDIN_FILENO, name: "standard input", limit: readLimit)
            return try Self.clean(bytes, label: label)
        case .environment(let name):
            return try Self.clean(Array((variables[name] ?? "").utf8), label: label)
        case .prompt:
            return try Self.clean(HiddenPrompt.read(label: label), label: label)
        }
    }

    /// Cuts one trailing line break, which editors and `echo` add, and holds the rest against the limits.
    static func clean(_ raw: [UInt8], label: String) throws -> Secret {
        var bytes = raw[...]
        if bytes.last == UInt8(ascii: "\n") {
            bytes.removeLast()
            if bytes.last == UInt8(ascii: "\r") { bytes.removeLast() }
        }
        guard !bytes.isEmpty else {
            throw CommandFailure("the \(label) is empty", hint: "give it in a file, on standard input or at the prompt")
        }
        guard bytes.count <= limit else { throw CommandFailure("the \(label) is longer than \(limit) bytes") }
        guard String(validating: bytes, as: UTF8.self) != nil else {
            throw CommandFailure("the \(label) is not UTF-8 text")
        }
        return Secret(bytes)
    }
}
