import Foundation

/// How credentials are kept proven.
struct VerificationSettings: Sendable {
    /// What becomes of a credential that holds more rights than are needed.
    enum ExcessPrivilege: String, Sendable, CaseIterable {
        /// It is used, and its state tells.
        case warn
        /// It is not used, and `?verify=wait` does not store it.
        case refuse
    }

    /// Between two probes of a credential that works; nil when nothing is probed unasked.
    var interval: Duration? = .seconds(defaultIntervalInHours * 3600)
    /// Probes at once; as many again that somebody waits for.
    var concurrency = 16
    var excessPrivilege = ExcessPrivilege.warn

    static let defaultIntervalInHours = 24
}
