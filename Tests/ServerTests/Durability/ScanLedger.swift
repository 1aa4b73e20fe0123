import TestSupport

/// What was asked of a service and acknowledged, and what must be true of it at the end.
struct ScanLedger: Sendable {
    /// A scan that was asked for, once, under an idempotency key.
    struct Asked: Sendable {
        let key: String
        let tag: String
        /// Nil until it is acknowledged.
        var scan: String?
        var isCancelled = false
        /// Told as completed before a kill.
        var wasCompleted = false
    }

    var scans: [Asked] = []
    /// Reasons of decisions by finding, as they were last acknowledged.
    var decisions: [String: String] = [:]

    /// Flaws of every image that were imported.
    var flaws: [String] = []

    /// Those that no answer came for.
    var unacknowledged: [Int] { scans.indices.filter { scans[$0].scan == nil } }
}
