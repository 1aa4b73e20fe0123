import Foundation

/// When a server wants to be asked again. Source: RFC 9110, section 10.2.3; Docker Hub's API reference for `X-Retry-After`.
enum RetryAfter {
    /// A date further away than this is a mistake or malice; it is read as this much.
    static let longest = Duration.seconds(86_400)
    /// A pause that is over already, or none, is this long, so that nobody is asked again at once.
    static let shortest = Duration.seconds(1)
    /// After a 429 that names no time.
    static let unnamed = Duration.seconds(5)

    /// The pause that an answer asks for; nil when its status is neither 429 nor 503, or a 503 names none.
    static func pause(status: Int, headers: OutboundHeaders, now: Date) -> Duration? {
        guard status == 429 || status == 503 else { return nil }
        let named =
            headers["Retry-After"].flatMap { parse($0, now) } ?? headers["X-Retry-After"].flatMap { moment($0, now) }
        return named.map { max($0, shortest) } ?? (status == 429 ? unnamed : nil)
    }

    private static func parse(_ text: String, _ now: Date) -> Duration? {
        let text = text.trimmingCharacters(in: .whitespaces)
        if let seconds = number(text) { return min(.seconds(seconds), longest) }
        return date(text).map { until($0, now) }
    }

    private static func moment(_ text: String, _ now: Date) -> Duration? {
        number(text.trimmingCharacters(in: .whitespaces)).map { until(Date(timeIntervalSince1970: Double($0)), now) }
    }

    private static func until(_ date: Date, _ now: Date) -> Duration {
        .seconds(min(max(date.timeIntervalSince(now), 0), 86_400))
    }

    private static func number(_ text: String) -> Int64? {
        guard (1...12).contains(text.utf8.count), text.utf8.allSatisfy({ (48...57).contains($0) }) else { return nil }
        return Int64(text)
    }

    /// `Sun, 06 Nov 1994 08:49:37 GMT`; the obsolete forms are not read.
    private static func date(_ text: String) -> Date? {
        guard text.utf8.count <= 40 else { return nil }
        let formatter = DateFormatter()
        formatter.locale = Locale(identifier: "en_US_POSIX")
        formatter.timeZone = TimeZone(identifier: "GMT")
        formatter.dateFormat = "EEE, dd MMM yyyy HH:mm:ss 'GMT'"
        return formatter.date(from: text)
    }
}
