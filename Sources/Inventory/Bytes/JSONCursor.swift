import Layers

/// Walks a JSON text once, forwards, without building it: of most files three words are wanted, and a hostile one must not grow
/// in memory. It goes as deep as the code that calls it; what is skipped may be ``depthLimit`` deep.
///
/// Source: RFC 8259. Strict about the values that are read, forgiving inside of those that are skipped.
struct JSONCursor {
    /// Real files stay below 20.
    static let depthLimit = 128

    private let view: ByteView
    private var offset: Int

    /// At the beginning of `view`; a byte order mark is passed over, as npm does.
    init(_ view: ByteView) {
        self.view = view
        offset = view.hasPrefix("\u{FEFF}") ? 3 : 0
    }

    /// The kind of the next value.
    enum Kind { case object, array, string, other }

    /// What comes next.
    mutating func kind() throws(UnreadableFile) -> Kind {
        switch try next() {
        case UInt8(ascii: "{"): .object
        case UInt8(ascii: "["): .array
        case UInt8(ascii: "\""): .string
        default: .other
        }
    }

    /// Reads an object, a member at a time. A member that `body` does not read is skipped.
    mutating func object(
        _ body: (inout JSONCursor, JSONText) throws(UnreadableFile) -> Void
    ) throws(UnreadableFile) {
        try expect("{")
        if try next() == UInt8(ascii: "}") { return offset += 1 }
        while true {
            let key = try string()
            try expect(":")
            try value { cursor throws(UnreadableFile) in try body(&cursor, key) }
            guard try isFollowedByMore(until: "}") else { return }
        }
    }

    /// Reads an array, an element at a time. An element that `body` does not read is skipped.
    mutating func array(_ body: (inout JSONCursor) throws(UnreadableFile) -> Void) throws(UnreadableFile) {
        try expect("[")
        if try next() == UInt8(ascii: "]") { return offset += 1 }
        while true {
            try value(body)
            guard try isFollowedByMore(until: "]") else { return }
        }
    }

    /// Reads a string; fails on anything else.
    mutating func string() throws(UnreadableFile) -> JSONText {
        try expect("\"")
        let start = offset
        var hasEscapes = false
        while true {
            guard let quote = view.firstIndex(of: UInt8(ascii: "\""), from: offset) else {
                throw UnreadableFile("JSON ends inside of a string")
            }
            // A quote behind an odd number of backslashes belongs to the text.
            var backslashes = 0
            while quote - backslashes > start, view[quote - backslashes - 1] == UInt8(ascii: "\\") { backslashes += 1 }
            offset = quote + 1
            if backslashes > 0 { hasEscapes = true }
            guard backslashes % 2 == 0 else { continue }
            let raw = view.slice(from: start, count: quote - start) ?? view.prefix(0)
            return JSONText(raw: raw, hasEscapes: hasEscapes || raw.firstIndex(of: UInt8(ascii: "\\")) != nil)
        }
    }

    /// The text of a string of sensible length; nil, and passed over, when there is another kind of value.
    mutating func word() throws(UnreadableFile) -> String? {
        guard try kind() == .string else {
            try skip()
            return nil
        }
        let text = try string()
        return text.raw.count <= CatalogLimits.wordInBytes ? text.text : nil
    }

    /// Passes over the next value, whatever it is.
    mutating func skip() throws(UnreadableFile) {
        // One bit for each open bracket: set for objects.
        var open: UInt128 = 0
        var depth = 0
        repeat {
            switch try next() {
            case UInt8(ascii: "\""): _ = try string()
            case UInt8(ascii: "{"), UInt8(ascii: "["):
                guard depth < JSONCursor.depthLimit else {
                    throw UnreadableFile("JSON nested deeper than \(JSONCursor.depthLimit)")
                }
                open = open << 1 | (view[offset] == UInt8(ascii: "{") ? 1 : 0)
                depth += 1
                offset += 1
            case UInt8(ascii: "}"), UInt8(ascii: "]"):
                guard depth > 0, (open & 1 == 1) == (view[offset] == UInt8(ascii: "}")) else { throw unexpected() }
                open >>= 1
                depth -= 1
                offset += 1
            case UInt8(ascii: ","), UInt8(ascii: ":"):
                guard depth > 0 else { throw unexpected() }
                offset += 1
            default: try skipScalar()
            }
        } while depth > 0
    }

    /// Fails when anything but white space follows.
    mutating func end() throws(UnreadableFile) {
        skipBlanks()
        guard offset >= view.count else { throw unexpected() }
    }

    private mutating func value(_ body: (inout JSONCursor) throws(UnreadableFile) -> Void) throws(UnreadableFile) {
        _ = try next()
        let start = offset
        try body(&self)
        if offset == start { try skip() }
    }

    private mutating func isFollowedByMore(until close: Unicode.Scalar) throws(UnreadableFile) -> Bool {
        let byte = try next()
        guard byte == UInt8(ascii: ",") || byte == UInt8(ascii: close) else { throw unexpected() }
        offset += 1
        return byte == UInt8(ascii: ",")
    }

    private mutating func skipScalar() throws(UnreadableFile) {
        let start = offset
        while let byte = view[offset], JSONCursor.isScalar(byte) { offset += 1 }
        guard offset > start else { throw unexpected() }
    }

    /// `true`, `false`, `null` and numbers.
    private static func isScalar(_ byte: UInt8) -> Bool {
        (0x61...0x7A).contains(byte) || (0x30...0x39).contains(byte) || byte == UInt8(ascii: "-")
            || byte == UInt8(ascii: "+")
            || byte == UInt8(ascii: ".") || byte == UInt8(ascii: "E")
    }

    private mutating func skipBlanks() {
        while let byte = view[offset], byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 { offset += 1 }
    }

    private mutating func next() throws(UnreadableFile) -> UInt8 {
        skipBlanks()
        guard let byte = view[offset] else { throw UnreadableFile("JSON ends too early") }
        return byte
    }

    private mutating func expect(_ scalar: Unicode.Scalar) throws(UnreadableFile) {
        guard try next() == UInt8(ascii: scalar) else { throw unexpected() }
        offset += 1
    }

    private func unexpected() -> UnreadableFile { UnreadableFile("not JSON at byte \(offset)") }
}

/// A string of a JSON text, still as it is written there.
struct JSONText {
    /// Between the quotes.
    let raw: ByteView
    /// Whether a backslash is in it.
    let hasEscapes: Bool

    /// Whether it is this plain word.
    func equals(_ word: StaticString) -> Bool { !hasEscapes && raw.equals(word) }

    /// As it is meant. A broken escape becomes U+FFFD.
    var text: String { hasEscapes ? unescaped : raw.text }

    private var unescaped: String {
        var units: [UInt16] = []
        var result = ""
        var offset = 0
        var plainStart = 0
        func flushPlain(to end: Int) {
            guard end > plainStart else { return }
            result += raw.slice(from: plainStart, count: end - plainStart)?.text ?? ""
        }
        while let byte = raw[offset] {
            guard byte == UInt8(ascii: "\\") else {
                if !units.isEmpty { flushUnits(&units, into: &result) }
                offset += 1
                continue
            }
            flushPlain(to: offset)
            if raw[offset + 1] == UInt8(ascii: "u") {
                units.append(JSONText.unit(raw.slice(from: offset + 2, count: 4)) ?? 0xFFFD)
                offset += 6
            } else {
                if !units.isEmpty { flushUnits(&units, into: &result) }
                result.unicodeScalars.append(JSONText.meaning(of: raw[offset + 1] ?? 0))
                offset += 2
            }
            plainStart = offset
        }
        if !units.isEmpty { flushUnits(&units, into: &result) }
        flushPlain(to: raw.count)
        return result
    }

    private func flushUnits(_ units: inout [UInt16], into result: inout String) {
        result += String(decoding: units, as: UTF16.self)
        units = []
    }

    private static func unit(_ digits: ByteView?) -> UInt16? {
        digits.flatMap { UInt16($0.text, radix: 16) }
    }

    private static func meaning(of byte: UInt8) -> Unicode.Scalar {
        switch byte {
        case UInt8(ascii: "n"): "\n"
        case UInt8(ascii: "t"): "\t"
        case UInt8(ascii: "r"): "\r"
        case UInt8(ascii: "b"): "\u{8}"
        case UInt8(ascii: "f"): "\u{C}"
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): Unicode.Scalar(byte)
        default: "\u{FFFD}"
        }
    }
}
