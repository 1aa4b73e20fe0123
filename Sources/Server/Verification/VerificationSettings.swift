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
    /// A year; longer is never.
    static let longestIntervalInHours = 8_760

    init() {}

    /// From the texts of the settings; nil takes the default. Throws ``SettingsError``.
    init(intervalInHours: String?, concurrency: String?, excessPrivilege: String?) throws {
        let hours = Int(intervalInHours ?? String(VerificationSettings.defaultIntervalInHours))
        guard let hours, (0...VerificationSettings.longestIntervalInHours).contains(hours) else {
            throw SettingsError(
                Setting.verifyIntervalHours.key,
                "must be a number from 0 to \(VerificationSettings.longestIntervalInHours)"
            )
        }
        interval = hours == 0 ? nil : .seconds(hours * 3600)
        guard let count = Int(concurrency ?? Setting.verifyConcurrency.fallback), (1...256).contains(count) else {
            throw SettingsError(Setting.verifyConcurrency.key, "must be a number from 1 to 256")
        }
        self.concurrency = count
        guard let policy = ExcessPrivilege(rawValue: excessPrivilege ?? Setting.excessPrivilege.fallback) else {
            throw SettingsError(Setting.excessPrivilege.key, "must be warn or refuse")
        }
        self.excessPrivilege = policy
    }
}
