import ArgumentParser
import Foundation

/// An error that words itself for a person at a terminal.
protocol ReportedFailure: Error {
    /// Whole lines, the first one beginning with `error: `, without a final newline.
    var wording: String { get }
    /// 1 when the work failed, 64 when the command was used wrongly.
    var exitCode: Int32 { get }
}

/// What the process says and returns when a command ends with an error, which includes a request for help.
struct FailureReport {
    let text: String
    let exitCode: Int32
    /// Help and version were asked for: they are data.
    let isAnswer: Bool

    init(_ error: any Error) {
        if let failure = error as? any ReportedFailure {
            self.init(text: failure.wording, exitCode: failure.exitCode, isAnswer: false)
            return
        }
        let code = Pratique.exitCode(for: error)
        var text = Pratique.fullMessage(for: error)
        // ArgumentParser's own messages begin with a capital; ours and the server's do not.
        if text.hasPrefix("Error: ") { text = "error: " + text.dropFirst("Error: ".count) }
        self.init(text: text, exitCode: code.rawValue, isAnswer: code.isSuccess)
    }

    private init(text: String, exitCode: Int32, isAnswer: Bool) {
        self.text = text
        self.exitCode = exitCode
        self.isAnswer = isAnswer
    }

    /// Puts an answer on standard output and a complaint on standard error.
    func write() {
        guard !text.isEmpty else { return }
        let handle = isAnswer ? FileHandle.standardOutput : FileHandle.standardError
        // A closed stream has nobody left to tell; the exit code still says what happened.
        try? handle.write(contentsOf: Data((text + "\n").utf8))
    }
}
