/// Writes values in the compact form in which they are kept: numbers of seven bits a byte, texts behind their length.
public struct StoredWriter: Sendable {
    /// Everything so far.
    public private(set) var bytes: [UInt8] = []

    /// Nothing yet.
    public init() {}

    /// A number that is not negative.
    public mutating func write(_ number: Int) { write(UInt64(max(0, number))) }

    /// A number.
    public mutating func write(_ number: UInt64) {
        var rest = number
        while rest >= 0x80 {
            bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
            rest >>= 7
        }
        bytes.append(UInt8(rest))
    }

    /// Eight bytes, for numbers that are hashes.
    public mutating func write(fixed number: UInt64) {
        withUnsafeBytes(of: number.littleEndian) { bytes.append(contentsOf: $0) }
    }

    /// Yes or no.
    public mutating func write(_ flag: Bool) { bytes.append(flag ? 1 : 0) }

    /// Bytes behind their length.
    public mutating func write(_ content: [UInt8]) {
        write(content.count)
        bytes.append(contentsOf: content)
    }

    /// A text behind its length.
    public mutating func write(_ text: String) {
        var text = text
        text.withUTF8 { utf8 in
            write(utf8.count)
            bytes.append(contentsOf: utf8)
        }
    }

    /// A text that may be missing.
    public mutating func write(_ text: String?) {
        write(text != nil)
        if let text { write(text) }
    }

    /// Every element, behind how many there are.
    public mutating func write<Element>(
        _ elements: [Element],
        _ element: (inout StoredWriter, Element) -> Void
    ) {
        write(elements.count)
        for value in elements { element(&self, value) }
    }
}
