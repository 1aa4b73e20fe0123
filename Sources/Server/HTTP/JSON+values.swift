import Foundation
import Tenancy

extension JSON {
    /// An id as its lowercase UUID.
    static func id(_ id: some Identifier) -> JSON { .string(id.description) }

    /// A moment as RFC 3339 in UTC with milliseconds.
    static func time(_ date: Date) -> JSON { .string(date.rfc3339) }

    /// A moment, or null.
    static func time(_ date: Date?) -> JSON { date.map { .time($0) } ?? .null }

    /// A text, or nothing at all.
    static func optional(_ text: String?) -> JSON? { text.map { .string($0) } }
}

extension Date {
    /// `2026-01-31T09:05:07.120Z`, for the years 0 to 9999. Written by hand: Foundation's formatters cost more than the rest of
    /// an answer.
    var rfc3339: String {
        let milliseconds = Int64((timeIntervalSince1970 * 1000).rounded())
        let days = Int(milliseconds.dividedFloor(by: 86_400_000))
        let inDay = Int(milliseconds - Int64(days) * 86_400_000)
        let (year, month, day) = Date.civil(fromDays: days)
        return String(unsafeUninitializedCapacity: 24) { text in
            var position = 0
            func write(_ value: Int, _ width: Int, _ separator: Unicode.Scalar) {
                var rest = max(value, 0)
                for index in stride(from: position + width - 1, through: position, by: -1) {
                    text[index] = UInt8(ascii: "0") + UInt8(rest % 10)
                    rest /= 10
                }
                text[position + width] = UInt8(ascii: separator)
                position += width + 1
            }
            write(year, 4, "-")
            write(month, 2, "-")
            write(day, 2, "T")
            write(inDay / 3_600_000, 2, ":")
            write(inDay / 60_000 % 60, 2, ":")
            write(inDay / 1000 % 60, 2, ".")
            write(inDay % 1000, 3, "Z")
            return position
        }
    }

    /// The Gregorian date of a day counted from 1970-01-01. Source: Howard Hinnant, "chrono-compatible low-level date
    /// algorithms", `civil_from_days`.
    private static func civil(fromDays days: Int) -> (year: Int, month: Int, day: Int) {
        let shifted = days + 719_468
        let era = (shifted >= 0 ? shifted : shifted - 146_096) / 146_097
        let dayOfEra = shifted - era * 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let shiftedMonth = (5 * dayOfYear + 2) / 153
        let month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9
        let year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
        return (year, month, dayOfYear - (153 * shiftedMonth + 2) / 5 + 1)
    }

    /// Parses RFC 3339 with or without fractional seconds; nil for anything else, and for years beyond 9999.
    init?(rfc3339 text: String) {
        guard text.utf8.count <= 40 else { return nil }
        for fractional in [false, true] {
            let style = Date.ISO8601FormatStyle(includingFractionalSeconds: fractional)
            // A text that does not parse is answered with nil, whatever the reason.
            if let date = try? style.parse(text), date.timeIntervalSince1970 < 253_402_300_800 {
                self = date
                return
            }
        }
        return nil
    }
}

extension Int64 {
    fileprivate func dividedFloor(by divisor: Int64) -> Int64 {
        let (quotient, remainder) = quotientAndRemainder(dividingBy: divisor)
        return remainder < 0 ? quotient - 1 : quotient
    }
}
