import Foundation

/// The protocol of one probe while it runs: steps are begun and ended in order, and trouble ends the probe with a verdict.
struct ProbeRecord {
    /// What is known so far.
    var result: Verification
    /// Which rights count, and how many of the steps' findings say that something is not as it should be.
    private let time: OutboundTime
    private var steps: [Verification.StepName: Verification.Step] = [:]
    private var current = Verification.StepName.address
    private var begunAt: Duration

    init(time: OutboundTime) {
        self.time = time
        begunAt = time.now()
        result = Verification(state: .unverified, steps: [], checkedAt: time.date())
    }

    /// What ``end(_:_:code:)`` and trouble are about from now on.
    mutating func begin(_ step: Verification.StepName) {
        current = step
        begunAt = time.now()
    }

    /// Ends the step that was begun; a second end changes its outcome.
    mutating func end(_ outcome: Verification.Outcome, _ detail: String, code: RegistryError.Code? = nil) {
        let took = time.now() - begunAt
        steps[current] = Verification.Step(
            name: current,
            outcome: outcome,
            detail: detail,
            code: code?.description,
            durationInMilliseconds: Int(clamping: took.components.seconds * 1_000)
                + Int(took.components.attoseconds / 1_000_000_000_000_000)
        )
    }

    /// Ends the step with an error that the probe outlives.
    mutating func end(_ outcome: Verification.Outcome, _ error: RegistryError) {
        end(outcome, error.message, code: error.code)
    }

    /// The first answer came: ends `address` and `tls`.
    mutating func reached(_ origin: OutboundOrigin) {
        end(.passed, "\(origin.authority) answers")
        current = .tls
        if origin.isSecure {
            end(.passed, "the certificate is trusted")
        } else {
            end(
                .warning,
                "plain http, which the setting plain-http-hosts allows: everybody on the way can read the secret"
            )
        }
    }

    func outcome(of step: Verification.StepName) -> Verification.Outcome { steps[step]?.outcome ?? .skipped }

    /// Ends the probe with the trouble that ended it.
    mutating func stop(_ error: any Error) {
        guard let error = error as? RegistryError else {
            end(.failed, "the probe was stopped")
            result.state = .unverified
            return
        }
        if current == .address, error.code == .tlsUntrusted {
            end(.passed, "\(error.upstream?.registry ?? "the host") answers")
            current = .tls
        }
        end(.failed, error)
        result.state =
            switch error.code {
            case .authenticationFailed, .credentialExpired: .rejected
            case .insufficientScope, .projectNotFound, .repositoryNotFound: .insufficient
            default: .unreachable
            }
        result.advice = error.hint.map { "\(error.message.sentence) \($0)" } ?? error.message.sentence
    }

    /// The result, with all seven steps.
    func finished() -> Verification {
        var result = result
        result.rights.held.sort()
        result.rights.missing.sort()
        result.rights.excess.sort()
        result.steps = Verification.StepName.allCases.map { name in
            steps[name]
                ?? Verification.Step(name: name, outcome: .skipped, detail: "not tried, since an earlier step failed")
        }
        return result
    }

    /// The verdict of a credential that is good, by its rights and steps, unless one was reached already.
    mutating func judge() {
        if !result.rights.missing.isEmpty || steps.values.contains(where: { $0.outcome == .failed }) {
            result.state = .insufficient
        } else {
            result.state = result.rights.excess.isEmpty ? .verified : .excessive
        }
    }

    /// Adds a sentence to what the user is told.
    mutating func advise(_ sentence: String) {
        result.advice = result.advice.map { "\($0) \(sentence)" } ?? sentence
    }
}

extension String {
    /// With a capital in front and a full stop behind.
    fileprivate var sentence: String {
        let text = prefix(1).uppercased() + dropFirst()
        return text.hasSuffix(".") ? text : text + "."
    }
}
