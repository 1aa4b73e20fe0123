import Foundation

/// The times that registries write: RFC 3339 with any number of fraction digits, and what they write for "never".
enum RegistryTime {
    /// The moment; nil when `text` is none. Go's zero time, which stands for "never", is none.
    static func date(_ text: String?) -> Date? {
        // Longer than any timestamp with nanoseconds and a zone.
        guard let text, text.utf8.count <= 40, !text.hasPrefix("0001-01-01") else { return nil }
        let whole = text.prefix { $0 != "." }
        guard whole.endIndex < text.endIndex else { return parse(text) }
        let zone = text[whole.endIndex...].dropFirst().drop { $0.isASCII && $0.isNumber }
        let fraction = text[whole.endIndex..<zone.startIndex]
        guard let date = parse(String(whole) + zone) else { return nil }
        return date.addingTimeInterval(Double("0" + fraction) ?? 0)
    }

    private static func parse(_ text: String) -> Date? {
        // Asks whether a text is a time; "no" is an answer.
        try? Date(text, strategy: .iso8601)
    }
}
