extension OutboundURL {
    /// `text` as one path segment or one query value: everything but letters, digits and `-._~` as `%XX` of its UTF-8 bytes.
    public static func encoded(_ text: String) -> String {
        var result: [UInt8] = []
        for byte in text.utf8 {
            if isUnreserved(byte) { result.append(byte) } else { result += escape(byte) }
        }
        return String(decoding: result, as: UTF8.self)
    }

    /// What `text` means when each `%XX` is read; nil when an escape is broken or the bytes are no UTF-8.
    static func decoded(_ text: some StringProtocol) -> String? {
        var result: [UInt8] = []
        var rest = Array(text.utf8)[...]
        while let byte = rest.popFirst() {
            guard byte == UInt8(ascii: "%") else {
                result.append(byte)
                continue
            }
            guard let high = rest.popFirst().flatMap(digit), let low = rest.popFirst().flatMap(digit) else {
                return nil
            }
            result.append(high << 4 | low)
        }
        return String(validating: result, as: UTF8.self)
    }

    /// `text` with an escape in place of every byte that may stand in no path and no query; the rest stays as it is.
    static func repaired(_ text: String) -> String {
        let bytes = Array(text.utf8)
        var result: [UInt8] = []
        result.reserveCapacity(bytes.count)
        for (index, byte) in bytes.enumerated() {
            let isKept: Bool
            if byte == UInt8(ascii: "%") {
                isKept = index + 2 < bytes.count && digit(bytes[index + 1]) != nil && digit(bytes[index + 2]) != nil
            } else {
                isKept = isUnreserved(byte) || delimiters.contains(byte)
            }
            if isKept { result.append(byte) } else { result += escape(byte) }
        }
        return String(decoding: result, as: UTF8.self)
    }

    /// RFC 3986, section 2.3.
    static func isUnreserved(_ byte: UInt8) -> Bool {
        (48...57).contains(byte) || (65...90).contains(byte) || (97...122).contains(byte)
            || unreservedMarks.contains(byte)
    }

    private static let unreservedMarks = Set("-._~".utf8)
    /// RFC 3986, sections 2.2, 3.3 and 3.4: what a path or a query may hold beside unreserved characters.
    private static let delimiters = Set("!$&'()*+,;=:@/?".utf8)

    private static func escape(_ byte: UInt8) -> [UInt8] {
        let digits = Array("0123456789ABCDEF".utf8)
        return [UInt8(ascii: "%"), digits[Int(byte >> 4)], digits[Int(byte & 15)]]
    }

    private static func digit(_ byte: UInt8) -> UInt8? {
        switch byte {
        case 48...57: byte - 48
        case 65...70: byte - 55
        case 97...102: byte - 87
        default: nil
        }
    }
}
