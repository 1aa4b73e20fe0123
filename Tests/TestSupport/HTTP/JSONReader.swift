/// Reads one JSON value. Source: RFC 8259.
///
/// It is here because `JSONDecoder` finds out what a value is by throwing, and Swift Testing takes a backtrace of every error
/// that is thrown: an OpenAPI document took it a second.
struct JSONReader {
    private let bytes: [UInt8]
    private var position = 0

    /// The value that `bytes` hold; nil when they are not one JSON value and nothing else.
    static func value(of bytes: [UInt8]) -> TestJSON? {
        guard String(validating: bytes, as: UTF8.self) != nil else { return nil }
        var reader = JSONReader(bytes: bytes)
        guard let value = reader.value() else { return nil }
        reader.skipSpace()
        // Spelled out: a plain `nil` beside a value would be JSON's own null.
        return reader.position == bytes.count ? value : Optional.none
    }

    private init(bytes: [UInt8]) { self.bytes = bytes }

    private var next: UInt8? { position < bytes.count ? bytes[position] : nil }

    private mutating func skipSpace() {
        while let byte = next, [0x20, 0x0A, 0x0D, 0x09].contains(byte) { position += 1 }
    }

    private mutating func take(_ character: Character) -> Bool {
        skipSpace()
        guard next == character.asciiValue else { return false }
        position += 1
        return true
    }

    private mutating func take(word: String) -> Bool {
        guard bytes[position...].starts(with: word.utf8) else { return false }
        position += word.utf8.count
        return true
    }

    private mutating func value() -> TestJSON? {
        skipSpace()
        switch next {
        case UInt8(ascii: "{"): return object()
        case UInt8(ascii: "["): return array()
        case UInt8(ascii: "\""): return string().map { .string($0) }
        case UInt8(ascii: "t"): return take(word: "true") ? .bool(true) : Optional.none
        case UInt8(ascii: "f"): return take(word: "false") ? .bool(false) : Optional.none
        case UInt8(ascii: "n"): return take(word: "null") ? .null : Optional.none
        default: return number()
        }
    }

    private mutating func object() -> TestJSON? {
        guard take("{") else { return nil }
        var members: [String: TestJSON] = [:]
        if take("}") { return .object(members) }
        repeat {
            skipSpace()
            // A name that occurs twice is no document of ours.
            guard let name = string(), members[name] == nil, take(":"), let member = value() else { return nil }
            members[name] = member
        } while take(",")
        return take("}") ? .object(members) : Optional.none
    }

    private mutating func array() -> TestJSON? {
        guard take("[") else { return nil }
        var items: [TestJSON] = []
        if take("]") { return .array(items) }
        repeat {
            guard let item = value() else { return nil }
            items.append(item)
        } while take(",")
        return take("]") ? .array(items) : Optional.none
    }

    private mutating func string() -> String? {
        guard next == UInt8(ascii: "\"") else { return nil }
        position += 1
        var units: [UInt8] = []
        while let byte = next {
            position += 1
            switch byte {
            case UInt8(ascii: "\""): return String(decoding: units, as: UTF8.self)
            case UInt8(ascii: "\\"):
                guard let escaped = escape() else { return nil }
                units.append(contentsOf: escaped)
            case 0..<32: return nil
            default: units.append(byte)
            }
        }
        return nil
    }

    private mutating func escape() -> [UInt8]? {
        let simple: [UInt8: UInt8] = [
            UInt8(ascii: "\""): 0x22, UInt8(ascii: "\\"): 0x5C, UInt8(ascii: "/"): 0x2F, UInt8(ascii: "b"): 8,
            UInt8(ascii: "f"): 12, UInt8(ascii: "n"): 10, UInt8(ascii: "r"): 13, UInt8(ascii: "t"): 9,
        ]
        guard let byte = next else { return nil }
        position += 1
        if let plain = simple[byte] { return [plain] }
        guard byte == UInt8(ascii: "u"), let first = unit() else { return nil }
        var units = [first]
        if UTF16.isLeadSurrogate(first) {
            guard take(word: "\\u"), let second = unit() else { return nil }
            units.append(second)
        }
        return String(validating: units, as: UTF16.self).map { Array($0.utf8) }
    }

    private mutating func unit() -> UInt16? {
        guard position + 4 <= bytes.count else { return nil }
        defer { position += 4 }
        let digits = bytes[position..<position + 4]
        guard digits.allSatisfy({ Character(UnicodeScalar($0)).isHexDigit }) else { return nil }
        return UInt16(String(decoding: digits, as: UTF8.self), radix: 16)
    }

    private mutating func number() -> TestJSON? {
        let start = position
        while let byte = next, "+-.eE0123456789".utf8.contains(byte) { position += 1 }
        let text = String(decoding: bytes[start..<position], as: UTF8.self)
        guard text.wholeMatch(of: /-?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][+-]?[0-9]+)?/) != nil else { return nil }
        return Int(text).map { .integer($0) } ?? Double(text).map { .number($0) }
    }
}
