/// A failure that this program found by itself, as opposed to one the server answered with (``APIFailure``).
struct CommandFailure: ReportedFailure, Equatable {
    let message: String
    let hint: String?
    let exitCode: Int32
    /// Whether the server was reached, and its certificate turned down.
    let isAboutTrust: Bool

    /// The work could not be done: exit code 1.
    init(_ message: String, hint: String? = nil, isAboutTrust: Bool = false) {
        self.init(message: message, hint: hint, exitCode: 1, isAboutTrust: isAboutTrust)
    }

    /// The command was called in a way that cannot work: exit code 64, as for a wrong flag.
    static func usage(_ message: String, hint: String? = nil) -> CommandFailure {
        CommandFailure(message: message, hint: hint, exitCode: 64, isAboutTrust: false)
    }

    private init(message: String, hint: String?, exitCode: Int32, isAboutTrust: Bool) {
        self.message = message
        self.hint = hint
        self.exitCode = exitCode
        self.isAboutTrust = isAboutTrust
    }

    var wording: String {
        let first = "error: " + PrintableText.strip(message, keepingNewlines: true)
        guard let hint else { return first }
        return first + "\nhint: " + PrintableText.strip(hint, keepingNewlines: true)
    }
}
