/// Reads the JSON of a request straight from its bytes. Source: RFC 8259.
///
/// Foundation's decoder makes a map of the document first and looks every member up in it again by way of generics, which cost
/// more than storing what the request holds.
struct JSONReader {
    /// Deeper values are refused. Nothing that this API takes is deeper than an array in an object.
    static let depthLimit = 64

    /// The bytes are no JSON, or JSON that nests too deep.
    struct Malformed: Error {}

    private let bytes: [UInt8]
    private var position = 0
    private var depth = 0

    private init(_ bytes: [UInt8]) {
        self.bytes = bytes
    }

    /// The members of the one object that `bytes` hold; of several members of one name the first counts.
    static func members(of bytes: some Sequence<UInt8>) throws(Malformed) -> [(name: String, value: RequestValue)] {
        var reader = JSONReader(Array(bytes))
        // A byte order mark may be ignored (section 8.1).
        if reader.bytes.starts(with: [0xEF, 0xBB, 0xBF]) { reader.position = 3 }
        reader.skipSpace()
        var members: [(name: String, value: RequestValue)] = []
        var names: Set<String> = []
        try reader.readObject { (reader, name) throws(Malformed) in
            let value = try reader.readValue()
            if names.insert(name).inserted { members.append((name, value)) }
        }
        reader.skipSpace()
        guard reader.position == reader.bytes.count else { throw Malformed() }
        return members
    }

    private var next: UInt8? { position < bytes.count ? bytes[position] : nil }

    private mutating func skipSpace() {
        while let byte = next, byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 { position += 1 }
    }

    /// Goes past `byte` if it comes next.
    private mutating func take(_ byte: UInt8) -> Bool {
        guard next == byte else { return false }
        position += 1
        return true
    }

    private mutating func expect(_ byte: UInt8) throws(Malformed) {
        guard take(byte) else { throw Malformed() }
    }

    private mutating func readValue() throws(Malformed) -> RequestValue {
        switch next {
        case UInt8(ascii: "\""): return .string(try readString())
        case UInt8(ascii: "{"):
            var members: [String: RequestValue] = [:]
            try readObject { (reader, name) throws(Malformed) in
                let value = try reader.readValue()
                if members[name] == nil { members[name] = value }
            }
            return .object(members)
        case UInt8(ascii: "["): return .array(try readArray())
        case UInt8(ascii: "t"): return try readWord("true", .bool(true))
        case UInt8(ascii: "f"): return try readWord("false", .bool(false))
        case UInt8(ascii: "n"): return try readWord("null", .null)
        default:
            try readNumber()
            return .number
        }
    }

    private mutating func readObject(
        _ member: (inout JSONReader, String) throws(Malformed) -> Void
    ) throws(Malformed) {
        try expect(UInt8(ascii: "{"))
        try descend()
        skipSpace()
        if !take(UInt8(ascii: "}")) {
            repeat {
                skipSpace()
                let name = try readString()
                skipSpace()
                try expect(UInt8(ascii: ":"))
                skipSpace()
                try member(&self, name)
                skipSpace()
            } while take(UInt8(ascii: ","))
            try expect(UInt8(ascii: "}"))
        }
        depth -= 1
    }

    private mutating func readArray() throws(Malformed) -> [RequestValue] {
        try expect(UInt8(ascii: "["))
        try descend()
        skipSpace()
        var items: [RequestValue] = []
        if !take(UInt8(ascii: "]")) {
            repeat {
                skipSpace()
                items.append(try readValue())
                skipSpace()
            } while take(UInt8(ascii: ","))
            try expect(UInt8(ascii: "]"))
        }
        depth -= 1
        return items
    }

    private mutating func descend() throws(Malformed) {
        depth += 1
        guard depth <= JSONReader.depthLimit else { throw Malformed() }
    }

    private mutating func readWord(_ word: StaticString, _ value: RequestValue) throws(Malformed) -> RequestValue {
        let end = position + word.utf8CodeUnitCount
        guard end <= bytes.count, word.withUTF8Buffer({ bytes[position..<end].elementsEqual($0) }) else {
            throw Malformed()
        }
        position = end
        return value
    }

    /// Goes past a number; its value is of no use to any field.
    private mutating func readNumber() throws(Malformed) {
        _ = take(UInt8(ascii: "-"))
        if !take(UInt8(ascii: "0")) { try readDigits() }
        if take(UInt8(ascii: ".")) { try readDigits() }
        if take(UInt8(ascii: "e")) || take(UInt8(ascii: "E")) {
            if !take(UInt8(ascii: "+")) { _ = take(UInt8(ascii: "-")) }
            try readDigits()
        }
    }

    private mutating func readDigits() throws(Malformed) {
        let start = position
        while let byte = next, (0x30...0x39).contains(byte) { position += 1 }
        guard position > start else { throw Malformed() }
    }

    private mutating func readString() throws(Malformed) -> String {
        try expect(UInt8(ascii: "\""))
        let start = position
        var union: UInt8 = 0
        while let byte = next, byte != UInt8(ascii: "\""), byte != UInt8(ascii: "\\"), byte >= 0x20 {
            union |= byte
            position += 1
        }
        guard take(UInt8(ascii: "\"")) else {
            position = start
            return try readEscapedString()
        }
        // ASCII, as nearly all texts are, cannot be wrong.
        let found = bytes[start..<position - 1]
        return union < 0x80 ? String(decoding: found, as: UTF8.self) : try text(found)
    }

    private mutating func readEscapedString() throws(Malformed) -> String {
        var unescaped: [UInt8] = []
        while let byte = next {
            position += 1
            switch byte {
            case UInt8(ascii: "\""): return try text(unescaped[...])
            case UInt8(ascii: "\\"): try readEscape(into: &unescaped)
            case 0..<0x20: throw Malformed()
            default: unescaped.append(byte)
            }
        }
        throw Malformed()
    }

    private mutating func readEscape(into text: inout [UInt8]) throws(Malformed) {
        guard let byte = next else { throw Malformed() }
        position += 1
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): text.append(byte)
        case UInt8(ascii: "b"): text.append(0x08)
        case UInt8(ascii: "f"): text.append(0x0C)
        case UInt8(ascii: "n"): text.append(0x0A)
        case UInt8(ascii: "r"): text.append(0x0D)
        case UInt8(ascii: "t"): text.append(0x09)
        case UInt8(ascii: "u"): text.append(contentsOf: String(try readScalar()).utf8)
        default: throw Malformed()
        }
    }

    /// The scalar behind `\u`; one beyond U+FFFF is written as a pair of surrogates, and half a pair is none.
    private mutating func readScalar() throws(Malformed) -> Unicode.Scalar {
        let first = try readFourDigits()
        if let scalar = Unicode.Scalar(first) { return scalar }
        try expect(UInt8(ascii: "\\"))
        try expect(UInt8(ascii: "u"))
        let second = try readFourDigits()
        guard (0xD800...0xDBFF).contains(first), (0xDC00...0xDFFF).contains(second),
            let scalar = Unicode.Scalar(0x10000 + (first - 0xD800) << 10 + (second - 0xDC00))
        else { throw Malformed() }
        return scalar
    }

    private mutating func readFourDigits() throws(Malformed) -> UInt32 {
        var value: UInt32 = 0
        for _ in 0..<4 {
            guard let byte = next, let digit = Character(Unicode.Scalar(byte)).hexDigitValue else { throw Malformed() }
            value = value << 4 | UInt32(digit)
            position += 1
        }
        return value
    }

    private func text(_ bytes: ArraySlice<UInt8>) throws(Malformed) -> String {
        guard let text = String(validating: bytes, as: UTF8.self) else { throw Malformed() }
        return text
    }
}

/// A value of a request's JSON. Of numbers nothing is kept: no field takes one.
enum RequestValue: Sendable, Equatable {
    case null, number
    case bool(Bool)
    case string(String)
    case array([RequestValue])
    /// Of several members of one name the first counts.
    case object([String: RequestValue])
}
