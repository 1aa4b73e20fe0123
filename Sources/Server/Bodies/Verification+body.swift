import Foundation
import Registries
import Storage

extension VerificationSummary {
    /// What every read of a credential tells of its state.
    var body: JSON {
        var members = JSONMembers(sizeInBytes: 160)
        write(to: &members)
        return .written(members.bytes())
    }

    /// The members of ``body``.
    func write(to members: inout JSONMembers) {
        members.add("state", state.rawValue)
        members.add("checkedAt", checkedAt)
        members.add("expiresAt", expiry.at)
        members.add("expirySource", expiry.source.rawValue)
    }

    static let schema = Schema.object([
        ("state", Schema.verificationState("What the last probe of this version of the secret came to")),
        ("checkedAt", Schema.time("When that was; null before the first probe", nullable: true)),
        ("expiresAt", Schema.time("When the secret ends, as far as anybody knows", nullable: true)),
        ("expirySource", Schema.expirySource),
    ])
}

/// Everything that is known of one credential's probes.
struct VerificationReport: Sendable {
    let credential: Credential
    let stored: StoredVerification?
    let history: [VerificationEvent]

    init(of credential: Credential, _ session: any SQLSession) throws {
        self.credential = credential
        let store = VerificationStore(session)
        stored = try store.find(credential.id, in: credential.organization)
        history = try store.history(of: credential.id, in: credential.organization)
    }

    /// The outcome, if it is one of the present version.
    private var outcome: Verification? {
        stored.flatMap { $0.version == credential.version ? $0.outcome : nil }
    }

    /// With `isPending`, the state is that of a probe that goes on.
    func body(isPending: Bool = false) -> JSON {
        let (summary, rights) = (credential.verification, outcome?.rights ?? Verification.Rights())
        return .object([
            ("credentialId", .id(credential.id)), ("registryType", .string(credential.kind.description)),
            ("version", .integer(Int(credential.version))),
            ("state", .string(isPending ? "pending" : summary.state.rawValue)),
            ("checkedAt", .time(summary.checkedAt)), ("nextCheckAt", .time(stored?.nextCheckAt)),
            ("consecutiveFailures", .integer(outcome == nil ? 0 : stored?.failures ?? 0)),
            ("advice", .optional(outcome?.advice)), ("steps", .array((outcome?.steps ?? []).map(\.body))),
            ("rights", rights.body), ("expiresAt", .time(summary.expiry.at)),
            ("expirySource", .string(summary.expiry.source.rawValue)), ("rateBudget", outcome?.rateBudget?.body),
            ("realm", .optional(outcome?.realm)), ("pinnedRealm", .optional(stored?.pinnedRealm)),
            ("registryVersion", .optional(outcome?.registryVersion)), ("history", .array(history.map(\.body))),
        ])
    }

    static let schema = Schema.object(
        [
            ("credentialId", Schema.uuid("Credential")), ("registryType", Schema.registryKind),
            ("version", Schema.integer("Version of the secret")),
            (
                "state",
                Schema.choice(
                    Verification.State.allCases.map(\.rawValue) + ["pending"],
                    "What the last probe of this version came to; pending while the one that was asked for goes on"
                )
            ),
            ("checkedAt", Schema.time("When that was; null before the first probe", nullable: true)),
            ("nextCheckAt", Schema.time("When the next probe is due; null when none is", nullable: true)),
            ("consecutiveFailures", Schema.integer("Probes in a row that were refused or got no answer")),
            ("advice", Schema.string("What is wrong, and what to do")),
            ("steps", Schema.array(Verification.Step.schema, "What was tried, in order")),
            ("rights", Verification.Rights.schema),
            ("expiresAt", Schema.time("When the secret ends, as far as anybody knows", nullable: true)),
            ("expirySource", Schema.expirySource), ("rateBudget", RateBudget.schema),
            ("realm", Schema.string("The token service that the registry names")),
            ("pinnedRealm", Schema.string("The token service that the secret may be sent to")),
            ("registryVersion", Schema.string("What the registry says of itself")),
            ("history", Schema.array(VerificationEvent.schema, "The last probes, the newest first; at most 30")),
        ],
        optional: ["advice", "rateBudget", "realm", "pinnedRealm", "registryVersion"]
    )
}

extension Verification.Step {
    fileprivate var body: JSON {
        .object([
            ("name", .string(name.rawValue)), ("outcome", .string(outcome.rawValue)), ("detail", .string(detail)),
            ("code", .optional(code)), ("durationMilliseconds", .integer(durationInMilliseconds)),
        ])
    }

    fileprivate static let schema = Schema.object(
        [
            ("name", Schema.choice(Verification.StepName.allCases.map(\.rawValue), "Step")),
            ("outcome", Schema.choice(["passed", "warning", "failed", "skipped"], "What it came to")),
            ("detail", Schema.string("One line for people")), ("code", Schema.string("The code of the trouble")),
            ("durationMilliseconds", Schema.integer("How long it took")),
        ],
        optional: ["code"]
    )
}

extension Verification.Rights {
    fileprivate var body: JSON {
        func list(_ rights: [String]) -> JSON { .array(rights.map { .string($0) }) }
        return ["held": list(held), "missing": list(missing), "excess": list(excess)]
    }

    fileprivate static let schema = Schema.object([
        ("held", Schema.array(Schema.string("Right"), "What it holds, in the registry's own words")),
        ("missing", Schema.array(Schema.string("Right"), "What is needed and not held")),
        ("excess", Schema.array(Schema.string("Right"), "What is held and not needed")),
    ])
}

extension RateBudget {
    fileprivate var body: JSON {
        .object([
            ("limit", .integer(limit)), ("remaining", .integer(remaining)),
            ("windowSeconds", windowInSeconds.map { .integer($0) }), ("resetsAt", resetsAt.map { .time($0) }),
        ])
    }

    fileprivate static let schema = Schema.object(
        [
            ("limit", Schema.integer("Requests in a window")), ("remaining", Schema.integer("Requests left")),
            ("windowSeconds", Schema.integer("Length of the window")),
            ("resetsAt", Schema.time("When the window ends")),
        ],
        optional: ["windowSeconds", "resetsAt"]
    )
}

extension VerificationEvent {
    fileprivate var body: JSON {
        .object([
            ("checkedAt", .time(checkedAt)), ("version", .integer(Int(version))), ("state", .string(state.rawValue)),
            ("reason", .string(reason.rawValue)), ("code", .optional(code)), ("advice", .optional(advice)),
        ])
    }

    fileprivate static let schema = Schema.object(
        [
            ("checkedAt", Schema.time("When it began")), ("version", Schema.integer("Version of the secret")),
            ("state", Schema.verificationState("What it came to")),
            (
                "reason",
                Schema.choice(
                    Reason.allCases.map(\.rawValue),
                    "Why: the secret was stored or rotated, somebody asked, or it was time"
                )
            ),
            ("code", Schema.string("The code of the first step that failed")),
            ("advice", Schema.string("What was wrong")),
        ],
        optional: ["code", "advice"]
    )
}

extension Schema {
    static func verificationState(_ description: String) -> JSON {
        choice(Verification.State.allCases.map(\.rawValue), description)
    }

    static let expirySource = choice(
        ["registry", "token", "user", "unknown"],
        "Who says so: the registry, the secret itself, the user, or nobody"
    )

    static let expiresAt = time("When the secret ends, if the user knows; it must lie in the future", nullable: true)
}
