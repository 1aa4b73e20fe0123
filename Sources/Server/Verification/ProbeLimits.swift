import Foundation

/// The limits of probing, each with its reason.
enum ProbeLimits {
    /// Between two looks at the database for what is due: two nodes find each other's work so soon.
    static let tick = Duration.seconds(15)
    /// After a round of starts: at most ten rounds a second, so that a flood of stores is not followed by one of probes.
    static let pause = Duration.milliseconds(100)
    /// A probe that takes longer is given up: seven steps of at most a few requests each.
    static let probe = Duration.seconds(120)
    /// How long a credential is held for one prober, in seconds: longer than any probe.
    static let lease: TimeInterval = 300
    /// How long a request waits for a probe. Source: issue 3, "bounded to 10 s".
    static let wait = Duration.seconds(10)
    /// New ids that wait in memory, 16 bytes each; beyond it the database is searched for them.
    static let freshQueue = 10_000
    /// Credentials that one read looks through for forgotten ones: about a millisecond.
    static let searched = 1_000
    /// Requests for a probe that wait for a place.
    static let demandQueue = 256
    /// How often a demand looks for the probe that holds its credential, ``pause`` apart.
    static let looksForFlight = 20
    /// Seconds between two searches for credentials that no wake-up told of.
    static let searchInterval: TimeInterval = 3600
    /// A refused secret is not tried again within so many seconds, even when somebody asks.
    static let refusalRest: TimeInterval = 30
}
