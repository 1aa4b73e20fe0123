import Foundation
import Scanning

/// From where advisories are fetched, and how often.
struct AdvisorySettings: Sendable {
    /// In the order in which they are read.
    let sources: [AdvisoryAddress]
    /// Nil when they are fetched only when somebody asks.
    let interval: TimeInterval?

    /// One for each ecosystem, and the catalogues.
    static let sourceLimit = 50

    /// Reads the settings; `sources` are separated by commas. Throws ``SettingsError``.
    init(sources text: String?, intervalInHours: Int) throws {
        interval = intervalInHours == 0 ? nil : TimeInterval(intervalInHours) * 3_600
        do {
            sources = try (text ?? "").split(separator: ",").map { $0.trimmingCharacters(in: .whitespaces) }
                .filter { !$0.isEmpty }.map { try AdvisoryAddress($0) }
        } catch let error as AdvisoryAddress.ValidationError {
            throw SettingsError(Setting.advisorySources.key, error.message)
        }
        guard sources.count <= AdvisorySettings.sourceLimit else {
            throw SettingsError(
                Setting.advisorySources.key,
                "must be at most \(AdvisorySettings.sourceLimit) addresses"
            )
        }
    }
}
