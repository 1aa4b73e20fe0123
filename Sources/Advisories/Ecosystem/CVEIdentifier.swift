/// A CVE id, alone or behind a distribution's prefix: `CVE-2023-1234`, `DEBIAN-CVE-2023-1234`.
struct CVEIdentifier: Sendable, Hashable, Comparable {
    let year: Int64
    let number: Int64

    /// Numbers have four digits or more; so many fit any that will be given.
    private static let maximumDigits = 9
    private static let scale: Int64 = 10_000_000_000

    /// An id by its numbers.
    init(year: Int64, number: Int64) {
        self.year = year
        self.number = number
    }

    /// Reads the CVE id that `text` is or ends with; nil when there is none.
    init?(_ text: String) {
        var rest = Array(text.utf8.prefix(128))[...]
        guard !rest.isEmpty, let found = CVEIdentifier.start(of: rest) else { return nil }
        rest = rest[found...].dropFirst(4)
        let year = rest.take(while: \.isDigit)
        guard year.count == 4, rest.take("-") else { return nil }
        let number = rest.take(while: \.isDigit)
        guard rest.isEmpty, (4...CVEIdentifier.maximumDigits).contains(number.count) else { return nil }
        self.year = CVEIdentifier.value(year)
        self.number = CVEIdentifier.value(number)
    }

    private static func start(of text: ArraySlice<UInt8>) -> Int? {
        if text.starts(with: "CVE-".utf8) { return text.startIndex }
        let prefix = Array("-CVE-".utf8)
        guard text.count > prefix.count else { return nil }
        return text.indices.dropLast(prefix.count).first { text[$0...].starts(with: prefix) }.map { $0 + 1 }
    }

    private static func value(_ digits: ArraySlice<UInt8>) -> Int64 {
        digits.reduce(0) { $0 * 10 + Int64($1 - 48) }
    }

    /// A number that sorts as the id does.
    var key: Int64 { year * CVEIdentifier.scale + number }

    /// `CVE-2023-1234`.
    var text: String {
        let digits = String(number)
        return "CVE-\(year)-" + String(repeating: "0", count: max(0, 4 - digits.count)) + digits
    }

    static func < (left: CVEIdentifier, right: CVEIdentifier) -> Bool { left.key < right.key }
}
