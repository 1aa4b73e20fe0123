/// Writes JSON piece by piece into memory, indented by two spaces, without escaped slashes.
struct JSONWriter {
    private(set) var bytes: [UInt8] = []
    private var depth = 0
    private var isFirst = true

    /// The text so far, with a line end behind it.
    mutating func finish() -> [UInt8] {
        bytes.append(0x0A)
        return bytes
    }

    /// What was written since the last time, for a text that is longer than memory should be.
    mutating func take() -> [UInt8] {
        defer { bytes = [] }
        return bytes
    }

    /// Begins the object or array that is the next value; ``close(_:)`` ends it.
    mutating func open(_ open: Unicode.Scalar) {
        bytes.append(UInt8(ascii: open))
        isFirst = true
        depth += 1
    }

    /// Begins the array of a member.
    mutating func openArray(_ name: StaticString) {
        key(name)
        open("[")
    }

    /// Ends what ``open(_:)`` began. Something stands before it: `isFirst` is that of the inner value by then.
    mutating func close(_ close: Unicode.Scalar) {
        depth -= 1
        if !isFirst { newLine() }
        isFirst = false
        bytes.append(UInt8(ascii: close))
    }

    /// An object as the next value.
    mutating func object(_ body: (inout JSONWriter) -> Void) { container("{", "}", body) }

    /// An array as the next value.
    mutating func array(_ body: (inout JSONWriter) -> Void) { container("[", "]", body) }

    /// A member whose value is an object.
    mutating func object(_ name: StaticString, _ body: (inout JSONWriter) -> Void) {
        key(name)
        container("{", "}", body)
    }

    /// A member whose value is an array; nothing when `isEmpty`.
    mutating func array(_ name: StaticString, isEmpty: Bool = false, _ body: (inout JSONWriter) -> Void) {
        guard !isEmpty else { return }
        key(name)
        container("[", "]", body)
    }

    /// A member with a text; nothing when it is nil.
    mutating func member(_ name: StaticString, _ text: String?) {
        guard let text else { return }
        key(name)
        write(text)
    }

    /// A member with a number.
    mutating func member(_ name: StaticString, _ number: Int) {
        key(name)
        bytes += Array(String(number).utf8)
    }

    /// A member with a number that is finite.
    mutating func member(_ name: StaticString, _ number: Double) {
        key(name)
        bytes += Array("\(number)".utf8)
    }

    /// A number as an element of an array.
    mutating func element(_ number: Int) {
        separate()
        bytes += Array(String(number).utf8)
    }

    /// A member that is true or false.
    mutating func member(_ name: StaticString, _ flag: Bool) {
        key(name)
        bytes += Array((flag ? "true" : "false").utf8)
    }

    /// An object as an element of an array.
    mutating func element(_ body: (inout JSONWriter) -> Void) {
        separate()
        container("{", "}", body)
    }

    /// A text as an element of an array.
    mutating func element(_ text: String) {
        separate()
        write(text)
    }

    private mutating func container(_ open: Unicode.Scalar, _ close: Unicode.Scalar, _ body: (inout JSONWriter) -> Void)
    {
        let outer = isFirst
        self.open(open)
        body(&self)
        self.close(close)
        isFirst = outer
    }

    private mutating func key(_ name: StaticString) {
        separate()
        bytes.append(UInt8(ascii: "\""))
        bytes += UnsafeRawBufferPointer(start: name.utf8Start, count: name.utf8CodeUnitCount)
        bytes += [UInt8(ascii: "\""), UInt8(ascii: ":"), 0x20]
    }

    private mutating func separate() {
        if !isFirst { bytes.append(UInt8(ascii: ",")) }
        isFirst = false
        newLine()
    }

    private mutating func newLine() {
        bytes.append(0x0A)
        for _ in 0..<depth { bytes += [0x20, 0x20] }
    }

    private mutating func write(_ text: String) {
        bytes.append(UInt8(ascii: "\""))
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "\""), UInt8(ascii: "\\"): bytes += [UInt8(ascii: "\\"), byte]
            case 0x0A: bytes += Array("\\n".utf8)
            case 0x09: bytes += Array("\\t".utf8)
            case 0..<0x20, 0x7F:
                let digits = Array("0123456789abcdef".utf8)
                bytes += Array("\\u00".utf8) + [digits[Int(byte >> 4)], digits[Int(byte & 15)]]
            default: bytes.append(byte)
            }
        }
        bytes.append(UInt8(ascii: "\""))
    }
}
