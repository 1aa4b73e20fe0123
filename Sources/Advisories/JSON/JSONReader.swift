/// Reads one JSON text step by step, without building a tree: the caller asks for what it wants and skips the rest.
///
/// Strict by RFC 8259, with two exceptions: of repeated keys every one is given, and a lone surrogate becomes U+FFFD. Nothing
/// recurses; the nesting is bounded by ``maximumDepth``. Foundation's readers take a multiple of this one's time and memory, and an
/// import reads tens of thousands of texts.
struct JSONReader {
    /// Deeper texts are refused. OSV's own schema goes 8 deep; the bits of one integer remember the kinds of what is open.
    static let maximumDepth = 64

    private let bytes: [UInt8]
    private(set) var position: Int
    /// How many containers are open, those that are being skipped aside.
    private var depth = 0
    /// Whether the container that was opened last has given nothing yet.
    private var isFirst = false

    /// Starts at the front of `bytes`, behind a byte order mark.
    init(_ bytes: [UInt8]) {
        self.bytes = bytes
        position = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0
    }

    /// What is wrong with a text.
    struct Failure: Error, Equatable, CustomStringConvertible {
        let message: StaticString
        let position: Int

        var description: String { "\(message) at byte \(position)" }

        static func == (left: Failure, right: Failure) -> Bool { left.description == right.description }
    }

    private func failure(_ message: StaticString) -> Failure { Failure(message: message, position: position) }

    /// The next byte that is no white space; nil at the end.
    private mutating func peek() -> UInt8? {
        while position < bytes.count {
            let byte = bytes[position]
            guard byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 else { return byte }
            position += 1
        }
        return nil
    }

    /// Throws unless nothing but white space is left.
    mutating func finish() throws(Failure) {
        guard peek() == nil else { throw failure("more text behind the value") }
    }
}

extension JSONReader {
    /// Opens an object; false, and the value is skipped, when something else stands there.
    mutating func openObject() throws(Failure) -> Bool { try open(UInt8(ascii: "{")) }

    /// Opens an array; false, and the value is skipped, when something else stands there.
    mutating func openArray() throws(Failure) -> Bool { try open(UInt8(ascii: "[")) }

    private mutating func open(_ bracket: UInt8) throws(Failure) -> Bool {
        guard peek() == bracket else {
            try skip()
            return false
        }
        guard depth < JSONReader.maximumDepth else { throw failure("nested too deep") }
        depth += 1
        position += 1
        isFirst = true
        return true
    }

    /// The next key of the open object; nil at its end, which closes it. The caller must read or skip the value before it asks again.
    mutating func nextKey() throws(Failure) -> String? {
        guard try advance(to: UInt8(ascii: "}")) else { return nil }
        guard peek() == UInt8(ascii: "\"") else { throw failure("a key must be a string") }
        let key = try text()
        guard peek() == UInt8(ascii: ":") else { throw failure("a colon must follow a key") }
        position += 1
        return key
    }

    /// Whether the open array has another item; false closes it. The caller must read or skip the item before it asks again.
    mutating func nextItem() throws(Failure) -> Bool { try advance(to: UInt8(ascii: "]")) }

    private mutating func advance(to bracket: UInt8) throws(Failure) -> Bool {
        guard let byte = peek() else { throw failure("the text ends too early") }
        if byte == bracket {
            position += 1
            depth -= 1
            isFirst = false
            return false
        }
        if !isFirst {
            guard byte == UInt8(ascii: ",") else { throw failure("a comma must separate items") }
            position += 1
            guard peek() != bracket else { throw failure("a comma must not stand at the end") }
        }
        isFirst = false
        return true
    }

    /// Reads a string; nil, and the value is skipped, when something else stands there.
    mutating func string() throws(Failure) -> String? {
        guard peek() == UInt8(ascii: "\"") else {
            try skip()
            return nil
        }
        return try text()
    }

    /// Skips whatever value comes next.
    mutating func skip() throws(Failure) {
        // One bit for each open container: set for an object.
        var kinds: UInt64 = 0
        var open = 0
        while true {
            guard let byte = peek() else { throw failure("the text ends too early") }
            switch byte {
            case UInt8(ascii: "{"), UInt8(ascii: "["):
                guard depth + open < JSONReader.maximumDepth else { throw failure("nested too deep") }
                open += 1
                kinds = kinds << 1 | (byte == UInt8(ascii: "{") ? 1 : 0)
                position += 1
                guard peek() == closing(kinds) else {
                    if kinds & 1 == 1 { try skipKey() }
                    continue
                }
                position += 1
                open -= 1
                kinds >>= 1
            case UInt8(ascii: "\""): try skipText()
            default: try skipScalar()
            }
            // Behind a value: close what ends here, or go on with the next item.
            while open > 0 {
                guard let byte = peek() else { throw failure("the text ends too early") }
                position += 1
                if byte == UInt8(ascii: ",") {
                    if kinds & 1 == 1 { try skipKey() }
                    break
                }
                guard byte == closing(kinds) else { throw failure("a comma must separate items") }
                open -= 1
                kinds >>= 1
            }
            if open == 0 { return }
        }
    }

    private func closing(_ kinds: UInt64) -> UInt8 { kinds & 1 == 1 ? UInt8(ascii: "}") : UInt8(ascii: "]") }

    private mutating func skipKey() throws(Failure) {
        guard peek() == UInt8(ascii: "\"") else { throw failure("a key must be a string") }
        try skipText()
        guard peek() == UInt8(ascii: ":") else { throw failure("a colon must follow a key") }
        position += 1
    }
}

extension JSONReader {
    /// Moves behind the string that starts here; true when it has escapes.
    @discardableResult
    private mutating func skipText() throws(Failure) -> Bool {
        position += 1
        var isEscaped = false
        while position < bytes.count {
            let byte = bytes[position]
            if byte == UInt8(ascii: "\"") {
                position += 1
                return isEscaped
            }
            guard byte >= 0x20 else { throw failure("a control character stands in a string") }
            if byte == UInt8(ascii: "\\") {
                isEscaped = true
                position += 1
            }
            position += 1
        }
        position = bytes.count
        throw failure("a string does not end")
    }

    private mutating func text() throws(Failure) -> String {
        let start = position + 1
        let isEscaped = try skipText()
        let raw = bytes[start..<(position - 1)]
        guard isEscaped else {
            guard let text = String(validating: raw, as: UTF8.self) else { throw failure("a string is not UTF-8") }
            return text
        }
        guard let unescaped = JSONReader.unescaped(raw) else { throw failure("an escape is malformed") }
        guard let text = String(validating: unescaped, as: UTF8.self) else { throw failure("a string is not UTF-8") }
        return text
    }

    /// A number, or one of three words.
    private mutating func skipScalar() throws(Failure) {
        var rest = bytes[position...].prefix(JSONReader.maximumScalarLength)
        let isScalar =
            rest.take("true") || rest.take("false") || rest.take("null") || JSONReader.takeNumber(&rest)
        guard isScalar else { throw failure("no value stands here") }
        position = rest.startIndex
    }

    /// Longer numbers are refused: none that means something is.
    private static let maximumScalarLength = 512

    private static func takeNumber(_ rest: inout ArraySlice<UInt8>) -> Bool {
        _ = rest.take("-")
        let whole = rest.take(while: \.isDigit)
        guard let first = whole.first, first != UInt8(ascii: "0") || whole.count == 1 else { return false }
        if rest.take("."), rest.take(while: \.isDigit).isEmpty { return false }
        if rest.take("e") || rest.take("E") {
            if !rest.take("+") { _ = rest.take("-") }
            if rest.take(while: \.isDigit).isEmpty { return false }
        }
        return true
    }
}
