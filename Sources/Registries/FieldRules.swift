public import Sealing

/// The rules that every text of a request passes: trimmed, bounded, one line. Lengths are in Unicode scalars.
public enum FieldRules {
    /// Names, usernames and the like, in Unicode scalars.
    public static let nameLimit = 255
    /// Descriptions, in Unicode scalars.
    public static let descriptionLimit = 1_000
    /// Secrets, in bytes: room for a robot's JWT or a PEM chain.
    public static let secretLimitInBytes = 16 * 1024

    /// A required text of 1 to `limit` characters, trimmed.
    public static func text(
        _ value: FieldValue,
        field: String,
        limit: Int = nameLimit
    ) throws(FieldError) -> String {
        guard let text = try optionalText(value, field: field, limit: limit) else {
            throw FieldError(field, value == .absent ? "is required" : "must not be empty")
        }
        return text
    }

    /// A text of at most `limit` characters, trimmed; nil when it is absent or blank.
    public static func optionalText(
        _ value: FieldValue,
        field: String,
        limit: Int
    ) throws(FieldError) -> String? {
        guard let raw = try string(value, field: field) else { return nil }
        let trimmed = raw.trimmed
        guard !trimmed.isEmpty else { return nil }
        guard trimmed.unicodeScalars.count <= limit else {
            throw FieldError(field, "must have at most \(limit) characters")
        }
        guard !trimmed.unicodeScalars.contains(where: { $0.isControl }) else {
            throw FieldError(field, "must not contain control characters or line breaks")
        }
        return trimmed
    }

    /// A required secret of 1 byte to 16 KiB. One trailing line break, as a paste or `echo` leaves it, is cut.
    public static func secret(_ value: FieldValue, field: String) throws(FieldError) -> Secret {
        guard let raw = try string(value, field: field) else { throw FieldError(field, "is required") }
        var bytes = raw.utf8[...]
        if bytes.last == UInt8(ascii: "\n") { bytes.removeLast() }
        if bytes.last == UInt8(ascii: "\r") { bytes.removeLast() }
        guard !bytes.allSatisfy({ $0 == 32 || (9...13).contains($0) }) else {
            throw FieldError(field, "must not be empty")
        }
        guard bytes.count <= secretLimitInBytes else {
            throw FieldError(field, "must have at most \(secretLimitInBytes) bytes")
        }
        return Secret(bytes)
    }

    private static func string(_ value: FieldValue, field: String) throws(FieldError) -> String? {
        switch value {
        case .absent: nil
        case .string(let text): text
        case .list: throw FieldError(field, "must be a string, not an array")
        case .other(let type): throw FieldError(field, "must be a string, not \(type)")
        }
    }
}

extension String {
    fileprivate var trimmed: String {
        // Nearly every text begins and ends with a visible ASCII character, and needs no look at Unicode's tables.
        if let first = utf8.first, let last = utf8.last, (33...126).contains(first), (33...126).contains(last) {
            return self
        }
        let isSpace: (Character) -> Bool = { $0.isWhitespace }
        guard let start = firstIndex(where: { !isSpace($0) }), let end = lastIndex(where: { !isSpace($0) }) else {
            return ""
        }
        return String(self[start...end])
    }
}

extension Unicode.Scalar {
    fileprivate var isControl: Bool {
        if value < 128 { return value < 32 || value == 127 }
        return switch properties.generalCategory {
        case .control, .lineSeparator, .paragraphSeparator: true
        default: false
        }
    }
}
