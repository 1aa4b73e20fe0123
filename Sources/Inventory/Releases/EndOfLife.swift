public import Foundation

/// Until when a distribution gives security updates for nothing, and whether that is over.
///
/// Debian's date is that of its LTS team. Paid extensions do not count. Source: endoflife.date, its products as of August 2026.
public struct EndOfLife: Sendable, Hashable, Codable {
    /// The last day, `2028-06-30`, in UTC.
    public let date: String
    /// Whether that day is over.
    public let hasPassed: Bool

    /// The year of the table below.
    public static let sourceYear = 2026

    /// Of `release`, seen from `now`. Nil when the table does not know it: rolling distributions and those too new or too rare.
    public init?(of release: Release, now: Date) {
        guard let cycles = EndOfLife.dates[release.id] else { return nil }
        let parts = release.version.split(separator: ".", omittingEmptySubsequences: false)
        let candidates = [release.version, parts.prefix(2).joined(separator: "."), String(parts.first ?? "")]
        guard let date = candidates.lazy.compactMap({ cycles[$0] }).first else { return nil }
        self.date = date
        hasPassed = EndOfLife.day(of: now) > date
    }

    /// `YYYY-MM-DD`, so that days compare as text.
    static func day(of date: Date) -> String {
        let interval = date.timeIntervalSince1970
        let seconds = interval.isFinite ? interval : 0
        // Beyond these the arithmetic says nothing: the year 0 and the year 9999.
        let days = Int(min(max(seconds / 86400, -719_162), 2_932_896).rounded(.down))
        // Civil date of a day number, counted in eras of 400 years that begin in March.
        let shifted = days + 719_468
        let era = (shifted >= 0 ? shifted : shifted - 146_096) / 146_097
        let dayOfEra = shifted - era * 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let shiftedMonth = (5 * dayOfYear + 2) / 153
        let day = dayOfYear - (153 * shiftedMonth + 2) / 5 + 1
        let month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9
        let year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
        return "\(padded(year, 4))-\(padded(month, 2))-\(padded(day, 2))"
    }

    private static func padded(_ number: Int, _ width: Int) -> String {
        let digits = String(number)
        return String(repeating: "0", count: max(0, width - digits.count)) + digits
    }
}
