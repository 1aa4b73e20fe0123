/// A tag, or a pattern of tags: `*` stands for any number of characters, everything else for itself.
///
/// Source: OCI distribution specification 1.1, "Pulling manifests": `[a-zA-Z0-9_][a-zA-Z0-9._-]{0,127}`, with `*` at any place.
public struct TagPattern: Sendable, Hashable, CustomStringConvertible {
    /// The longest, as a tag.
    public static let lengthLimit = 128
    /// More stars than this make no sense; fewer keep matching cheap.
    public static let starLimit = 4

    /// As it was given.
    public let description: String

    /// Why a text is no pattern; ``message`` can be shown.
    public struct ValidationError: Error, Sendable, Equatable {
        /// What is wrong, without the text itself.
        public let message: String

        init(_ message: String) { self.message = message }
    }

    /// Parses a pattern. Throws ``ValidationError``.
    public init(_ raw: some StringProtocol) throws(ValidationError) {
        let bytes = raw.utf8
        guard (1...TagPattern.lengthLimit).contains(bytes.count) else {
            throw ValidationError("a tag or pattern must have 1 to \(TagPattern.lengthLimit) characters")
        }
        guard let first = bytes.first, first != UInt8(ascii: "."), first != UInt8(ascii: "-"),
            bytes.allSatisfy({ TagPattern.isAllowed($0) })
        else {
            throw ValidationError(
                "a tag or pattern must be of letters, digits and . _ - and *, and begin with none of . and -"
            )
        }
        guard bytes.count(where: { $0 == TagPattern.star }) <= TagPattern.starLimit else {
            throw ValidationError("a pattern must have at most \(TagPattern.starLimit) stars")
        }
        description = String(raw)
    }

    /// Whether it stands for one tag and no other.
    public var isExact: Bool { !description.utf8.contains(TagPattern.star) }

    /// Whether `tag` fits. Costs the product of both lengths at most.
    public func matches(_ tag: some StringProtocol) -> Bool {
        let (pattern, text) = (Array(description.utf8), Array(tag.utf8))
        var (at, read) = (0, 0)
        // Where to go on when what follows the last star does not fit: the star takes one character more.
        var (afterStar, taken): (Int?, Int) = (nil, 0)
        while read < text.count {
            if at < pattern.count, pattern[at] == TagPattern.star {
                at += 1
                (afterStar, taken) = (at, read)
            } else if at < pattern.count, pattern[at] == text[read] {
                (at, read) = (at + 1, read + 1)
            } else if let start = afterStar {
                taken += 1
                (at, read) = (start, taken)
            } else {
                return false
            }
        }
        return pattern[at...].allSatisfy { $0 == TagPattern.star }
    }

    private static let star = UInt8(ascii: "*")

    private static func isAllowed(_ byte: UInt8) -> Bool {
        switch byte {
        case 48...57, 65...90, 97...122: true
        case UInt8(ascii: "."), UInt8(ascii: "_"), UInt8(ascii: "-"), star: true
        default: false
        }
    }
}
