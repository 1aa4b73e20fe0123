/// One thing that was looked at, what came out, and what to do about it.
struct DoctorCheck: Encodable, Equatable, Sendable {
    enum Verdict: String, Encodable, Sendable {
        case passed
        case warning
        case failed

        var mark: String {
            switch self {
            case .passed: "✓"
            case .warning: "!"
            case .failed: "✗"
            }
        }
    }

    let name: String
    let verdict: Verdict
    let message: String
    let fix: String?

    init(_ name: String, _ verdict: Verdict, _ message: String, fix: String? = nil) {
        self.name = name
        self.verdict = verdict
        self.message = message
        self.fix = fix
    }

    /// A check that failed with an error of ours or of the server's.
    init(_ name: String, failed error: any Error, fix: String? = nil) {
        switch error {
        case let failure as CommandFailure: self.init(name, .failed, failure.message, fix: fix ?? failure.hint)
        case let failure as APIFailure: self.init(name, .failed, failure.message, fix: fix ?? failure.hint)
        default: self.init(name, .failed, "\(error)", fix: fix)
        }
    }

    /// The line for people, and the fix under it.
    var lines: String {
        let first = "\(verdict.mark) \(name): \(PrintableText.strip(message))\n"
        guard verdict != .passed, let fix else { return first }
        return first + "    fix: \(PrintableText.strip(fix))\n"
    }
}
