/// A moment as advisories state it: RFC 3339, UTC. Source: OSV schema 1.7.5, "modified field".
public struct AdvisoryDate: Sendable, Hashable, Comparable, CustomStringConvertible {
    /// Since 1970, negative before. Year 1 lies far inside.
    public let microseconds: Int64

    /// A moment.
    public init(microseconds: Int64) { self.microseconds = microseconds }

    /// By time.
    public static func < (left: AdvisoryDate, right: AdvisoryDate) -> Bool { left.microseconds < right.microseconds }

    /// Whole seconds since 1970.
    public var secondsSince1970: Int64 { AdvisoryDate.floor(microseconds, 1_000_000).quotient }

    /// Whether it is a real date: some databases stamp year 1 where they know none.
    public var isKnown: Bool { microseconds > 0 }

    /// Reads `2024-05-06T07:08:09[.123456789](Z|±hh:mm)` or a bare `2024-05-06`; nil for anything else.
    public init?(_ text: some StringProtocol) {
        var rest = Array(text.utf8.prefix(40))[...]
        guard let year = AdvisoryDate.take(&rest, digits: 4), rest.take("-"),
            let month = AdvisoryDate.take(&rest, digits: 2), (1...12).contains(month), rest.take("-"),
            let day = AdvisoryDate.take(&rest, digits: 2), (1...31).contains(day)
        else {
            return nil
        }
        var seconds = AdvisoryDate.days(year: year, month: month, day: day) * 86_400
        var fraction: Int64 = 0
        if !rest.isEmpty {
            guard rest.take("T") || rest.take("t") || rest.take(" "),
                let hour = AdvisoryDate.take(&rest, digits: 2), hour < 24, rest.take(":"),
                let minute = AdvisoryDate.take(&rest, digits: 2), minute < 60, rest.take(":"),
                let second = AdvisoryDate.take(&rest, digits: 2), second < 61
            else {
                return nil
            }
            seconds += hour * 3_600 + minute * 60 + second
            if rest.take(".") {
                let digits = rest.take(while: \.isDigit)
                guard !digits.isEmpty else { return nil }
                for index in 0..<6 {
                    let place = digits.startIndex + index
                    fraction = fraction * 10 + (place < digits.endIndex ? Int64(digits[place] - 48) : 0)
                }
            }
            guard let offset = AdvisoryDate.takeOffset(&rest), rest.isEmpty else { return nil }
            seconds -= offset
        }
        microseconds = seconds * 1_000_000 + fraction
    }

    private static func take(_ rest: inout ArraySlice<UInt8>, digits: Int) -> Int64? {
        let text = rest.prefix(digits)
        guard text.count == digits, text.allSatisfy(\.isDigit) else { return nil }
        rest = rest.dropFirst(digits)
        return text.reduce(0) { $0 * 10 + Int64($1 - 48) }
    }

    private static func takeOffset(_ rest: inout ArraySlice<UInt8>) -> Int64? {
        if rest.take("Z") || rest.take("z") { return 0 }
        let isNegative = rest.first == UInt8(ascii: "-")
        guard rest.take("+") || rest.take("-"), let hours = take(&rest, digits: 2), hours < 24 else { return nil }
        // EPSS writes +0000.
        _ = rest.take(":")
        guard let minutes = take(&rest, digits: 2), minutes < 60 else { return nil }
        return (hours * 3_600 + minutes * 60) * (isNegative ? -1 : 1)
    }

    /// Days since 1970 in the Gregorian calendar, counted from 1 March so that the leap day comes last.
    private static func days(year: Int64, month: Int64, day: Int64) -> Int64 {
        let shifted = month > 2 ? year : year - 1
        let (era, yearOfEra) = floor(shifted, 400)
        let dayOfYear = (153 * ((month + 9) % 12) + 2) / 5 + day - 1
        return era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
    }

    private static func floor(_ value: Int64, _ divisor: Int64) -> (quotient: Int64, remainder: Int64) {
        let remainder = ((value % divisor) + divisor) % divisor
        return ((value - remainder) / divisor, remainder)
    }

    /// RFC 3339 in UTC, without fractions.
    public var description: String {
        let (day, second) = AdvisoryDate.floor(secondsSince1970, 86_400)
        let (era, dayOfEra) = AdvisoryDate.floor(day + 719_468, 146_097)
        let yearOfEra = (dayOfEra - dayOfEra / 1_460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let shifted = (5 * dayOfYear + 2) / 153
        let month = shifted < 10 ? shifted + 3 : shifted - 9
        let year = era * 400 + yearOfEra + (month <= 2 ? 1 : 0)
        let dayOfMonth = dayOfYear - (153 * shifted + 2) / 5 + 1
        func padded(_ number: Int64, _ width: Int) -> String {
            let digits = String(number)
            return String(repeating: "0", count: max(0, width - digits.count)) + digits
        }
        return "\(padded(year, 4))-\(padded(month, 2))-\(padded(dayOfMonth, 2))"
            + "T\(padded(second / 3_600, 2)):\(padded(second / 60 % 60, 2)):\(padded(second % 60, 2))Z"
    }
}
