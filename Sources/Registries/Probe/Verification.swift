public import Foundation

/// The outcome of probing a credential: what was tried, what was granted, what is missing and what is too much.
public struct Verification: Sendable, Hashable, Codable {
    /// The verdict.
    public enum State: String, Sendable, Hashable, Codable, CaseIterable {
        /// It works, and holds what is needed and no more.
        case verified
        /// The registry does not take it.
        case rejected
        /// The registry takes it, and a needed right is missing.
        case insufficient
        /// It works, and holds more than is needed.
        case excessive
        /// The registry could not be asked.
        case unreachable
        /// Not probed yet, or the registry lets one learn too little.
        case unverified
    }

    /// The steps, in the order in which they are taken.
    public enum StepName: String, Sendable, Hashable, Codable, CaseIterable {
        /// The host resolves, policy allows the address, and it answers.
        case address
        /// The certificate is trusted.
        case tls
        /// The registry says how to authenticate.
        case challenge
        /// The secret is taken.
        case credential
        /// Which rights were granted.
        case rights
        /// Repositories or tags can be listed.
        case listing
        /// A manifest may be pulled.
        case pull
    }

    /// What a step came to.
    public enum Outcome: String, Sendable, Hashable, Codable {
        /// As it should be.
        case passed
        /// Works, with something to look at.
        case warning
        /// Not as it should be.
        case failed
        /// Not tried: an earlier step failed, or the registry has no such thing.
        case skipped
    }

    /// One step.
    public struct Step: Sendable, Hashable, Codable {
        /// Which one.
        public var name: StepName
        /// What it came to.
        public var outcome: Outcome
        /// One line for people, without secrets.
        public var detail: String
        /// ``RegistryError/Code`` as text, when it failed.
        public var code: String?
        /// How long it took.
        public var durationInMilliseconds: Int

        /// A step.
        public init(
            name: StepName,
            outcome: Outcome,
            detail: String,
            code: String? = nil,
            durationInMilliseconds: Int = 0
        ) {
            self.name = name
            self.outcome = outcome
            self.detail = detail
            self.code = code
            self.durationInMilliseconds = durationInMilliseconds
        }
    }

    /// The rights of the credential, in the registry's own words (`repository:pull`, `repo:admin`), sorted.
    public struct Rights: Sendable, Hashable, Codable {
        /// What it holds, as far as the registry lets one know.
        public var held: [String]
        /// What is needed and not held.
        public var missing: [String]
        /// What is held and not needed: push, delete, administration.
        public var excess: [String]

        /// Rights.
        public init(held: [String] = [], missing: [String] = [], excess: [String] = []) {
            self.held = held
            self.missing = missing
            self.excess = excess
        }
    }

    /// When the secret ends, and who says so.
    public struct Expiry: Sendable, Hashable, Codable {
        /// Who says it.
        public enum Source: String, Sendable, Hashable, Codable {
            /// The registry's API.
            case registry
            /// The secret itself (a JWT's `exp`).
            case token
            /// The user, at store or later.
            case user
            /// Nobody.
            case unknown
        }

        /// The moment; nil when it is unknown, or when it never ends and the source is not `unknown`.
        public var at: Date?
        /// Who says it.
        public var source: Source

        /// An expiry.
        public init(at: Date?, source: Source) {
            self.at = at
            self.source = source
        }
    }

    /// The verdict.
    public var state: State
    /// All seven steps, in order.
    public var steps: [Step]
    /// The rights.
    public var rights: Rights
    /// When the secret ends.
    public var expiry: Expiry
    /// What the registry said of its rate limit.
    public var rateBudget: RateBudget?
    /// `scheme://host[:port]` of the token service, when there was a challenge; to be pinned when the state is good.
    public var realm: String?
    /// What the registry says of itself: `Harbor v2.11.0`.
    public var registryVersion: String?
    /// One line for people: what is wrong and what to do; nil when all is well.
    public var advice: String?
    /// When the probe began.
    public var checkedAt: Date

    /// A verification.
    public init(
        state: State,
        steps: [Step],
        rights: Rights = Rights(),
        expiry: Expiry = Expiry(at: nil, source: .unknown),
        rateBudget: RateBudget? = nil,
        realm: String? = nil,
        registryVersion: String? = nil,
        advice: String? = nil,
        checkedAt: Date
    ) {
        self.state = state
        self.steps = steps
        self.rights = rights
        self.expiry = expiry
        self.rateBudget = rateBudget
        self.realm = realm
        self.registryVersion = registryVersion
        self.advice = advice
        self.checkedAt = checkedAt
    }
}
