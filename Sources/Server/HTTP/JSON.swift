import NIOCore

/// A JSON value whose objects keep the order of their members, so that an answer reads like its documentation.
///
/// It is written without escaped slashes and in one pass; answers are small and many, and this is most of their cost.
enum JSON: Sendable, Equatable {
    case null
    case bool(Bool)
    case integer(Int)
    case string(String)
    case array([JSON])
    case object([Member])
    /// An object that is text already, see ``JSONMembers``. Nobody looks into it.
    case written([UInt8])

    struct Member: Sendable, Equatable {
        let name: String
        let value: JSON
    }

    /// Writes the value.
    func write(to bytes: inout [UInt8]) {
        switch self {
        case .null: bytes.append(contentsOf: "null".utf8)
        case .bool(let value): bytes.append(contentsOf: (value ? "true" : "false").utf8)
        case .integer(let value): bytes.append(contentsOf: String(value).utf8)
        case .string(let value): JSON.write(value, to: &bytes)
        case .array(let items):
            bytes.append(UInt8(ascii: "["))
            for (index, item) in items.enumerated() {
                if index > 0 { bytes.append(UInt8(ascii: ",")) }
                item.write(to: &bytes)
            }
            bytes.append(UInt8(ascii: "]"))
        case .object(let members):
            bytes.append(UInt8(ascii: "{"))
            for (index, member) in members.enumerated() {
                if index > 0 { bytes.append(UInt8(ascii: ",")) }
                JSON.write(member.name, to: &bytes)
                bytes.append(UInt8(ascii: ":"))
                member.value.write(to: &bytes)
            }
            bytes.append(UInt8(ascii: "}"))
        case .written(let text): bytes.append(contentsOf: text)
        }
    }

    /// The text as UTF-8.
    var bytes: [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(512)
        write(to: &bytes)
        return bytes
    }

    /// The text.
    var text: String { String(decoding: bytes, as: UTF8.self) }

    /// The members of an object that is not written yet; empty for anything else.
    var members: [Member] {
        if case .object(let members) = self { members } else { [] }
    }

    /// The value of the member `name`, if this is an object that has it.
    subscript(name: String) -> JSON? {
        members.first { $0.name == name }?.value
    }

    /// This object with the members of the object `other` behind its own, written already or not. What is no object stays as it is.
    func adding(_ other: JSON) -> JSON {
        if case .object(let own) = self, case .object(let more) = other { return .object(own + more) }
        guard let own = memberText, let more = other.memberText else { return self }
        let comma = own.isEmpty || more.isEmpty ? [] : [UInt8(ascii: ",")]
        return .written([UInt8(ascii: "{")] + own + comma + more + [UInt8(ascii: "}")])
    }

    /// What stands between the braces of an object.
    private var memberText: ArraySlice<UInt8>? {
        switch self {
        case .object, .written: bytes.dropFirst().dropLast()
        case .null, .bool, .integer, .string, .array: nil
        }
    }

    /// Writes a string. Source: RFC 8259, section 7: only quotes, backslashes and controls must be escaped. Nearly no string of
    /// an answer has one of these, so that the bytes between them are written at once.
    static func write(_ string: String, to bytes: inout [UInt8]) {
        bytes.append(UInt8(ascii: "\""))
        var string = string
        string.withUTF8 { text in
            // Without a branch in it, this loop looks at many bytes at once.
            var found: UInt8 = 0
            for byte in text { found |= mustEscape(byte) ? 1 : 0 }
            guard found != 0 else {
                bytes.append(contentsOf: text)
                return
            }
            var start = 0
            for index in 0..<text.count where mustEscape(text[index]) {
                bytes.append(contentsOf: text[start..<index])
                escape(text[index], to: &bytes)
                start = index + 1
            }
            bytes.append(contentsOf: text[start...])
        }
        bytes.append(UInt8(ascii: "\""))
    }

    private static func mustEscape(_ byte: UInt8) -> Bool {
        byte < 32 || byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\")
    }

    private static func escape(_ byte: UInt8, to bytes: inout [UInt8]) {
        switch byte {
        case UInt8(ascii: "\""): bytes.append(contentsOf: #"\""#.utf8)
        case UInt8(ascii: "\\"): bytes.append(contentsOf: #"\\"#.utf8)
        case UInt8(ascii: "\n"): bytes.append(contentsOf: #"\n"#.utf8)
        default:
            bytes.append(contentsOf: (byte < 16 ? #"\u000"# : #"\u00"#).utf8)
            bytes.append(contentsOf: String(byte, radix: 16).utf8)
        }
    }
}

extension JSON: ExpressibleByStringLiteral, ExpressibleByStringInterpolation, ExpressibleByIntegerLiteral,
    ExpressibleByBooleanLiteral, ExpressibleByArrayLiteral, ExpressibleByDictionaryLiteral
{
    init(stringLiteral value: String) { self = .string(value) }
    init(integerLiteral value: Int) { self = .integer(value) }
    init(booleanLiteral value: Bool) { self = .bool(value) }
    init(arrayLiteral elements: JSON...) { self = .array(elements) }

    init(dictionaryLiteral elements: (String, JSON)...) {
        self = .object(elements.map { Member(name: $0, value: $1) })
    }

    /// An object of the members whose value is not nil.
    static func object(_ members: [(String, JSON?)]) -> JSON {
        .object(members.compactMap { name, value in value.map { Member(name: name, value: $0) } })
    }
}
