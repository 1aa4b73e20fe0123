import Advisories
import OCI
import Registries
import Scanning

// What inspect says at a terminal about the errors of the targets below it: `error:` and `hint:`. The one table for them.

extension ScanError: ReportedFailure {
    var wording: String { CommandFailure(message, hint: hint).wording }
    var exitCode: Int32 { 1 }
}

extension AdvisoryError: ReportedFailure {
    var wording: String { CommandFailure(message).wording }
    var exitCode: Int32 { 1 }
}

extension DocumentError: ReportedFailure {
    var wording: String { CommandFailure(message).wording }
    var exitCode: Int32 { 1 }
}

extension RegistryError: ReportedFailure {
    var wording: String { CommandFailure(message, hint: commandHint).wording }
    var exitCode: Int32 { 1 }

    /// The hints of ``RegistryError`` name fields of the API; at a terminal there are flags.
    private var commandHint: String? {
        switch code {
        case .authenticationFailed: "Log in with docker login, or give --username and --password-stdin"
        case .insufficientScope: "The account may not pull this image, or there is none of this name"
        case .repositoryNotFound, .projectNotFound:
            "Check the name; who may not see a repository is told the same, so docker login may help"
        case .tagNotFound: "Check the tag, or name the image by its digest: NAME@sha256:…"
        case .tlsUntrusted:
            "For a certificate authority of your own: --ca-certificate FILE; for a registry without TLS: --plain-http"
        case .addressForbidden where message.contains("TLS"): "--plain-http speaks to it without TLS"
        case .rateLimited:
            retryAfter.map { "Try again in \($0.components.seconds) s, or log in: accounts have larger budgets" }
                ?? "Try again later, or log in: accounts have larger budgets"
        case .platformNotFound: hint.map { "\($0) Name it with --platform" }
        default: hint
        }
    }
}

/// Why the exit status of a report is not 0, though it was written.
struct ReportFailure: ReportedFailure {
    let wording: String
    let exitCode: Int32

    /// Findings are as bad as the threshold.
    static func thresholdMet(_ count: Int, _ threshold: String) -> ReportFailure {
        let what = count == 1 ? "1 finding is" : "\(count) findings are"
        return ReportFailure(wording: "error: \(what) as bad as \(threshold), or worse", exitCode: 2)
    }

    /// A part of the image was not seen, so that no list of it is whole.
    static func incomplete(_ reason: String, hint: String? = nil) -> ReportFailure {
        ReportFailure(wording: CommandFailure(reason, hint: hint).wording, exitCode: 1)
    }
}
