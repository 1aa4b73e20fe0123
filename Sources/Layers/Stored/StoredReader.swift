/// Reads what ``StoredWriter`` wrote. Nothing in the bytes is believed: whatever they are, it ends with values or with an error.
public struct StoredReader: Sendable {
    /// What is kept is not what was written: it counts as if nothing were kept.
    public struct Damage: Error, Sendable, Hashable {
        /// Damage.
        public init() {}
    }

    private let bytes: [UInt8]
    private var position = 0

    /// A reader at the start.
    public init(_ bytes: [UInt8]) { self.bytes = bytes }

    /// Bytes that were not read yet.
    public var remaining: Int { bytes.count - position }

    /// Throws unless everything was read.
    public func finish() throws(Damage) {
        if remaining != 0 { throw Damage() }
    }

    /// One byte.
    public mutating func byte() throws(Damage) -> UInt8 {
        guard remaining > 0 else { throw Damage() }
        position += 1
        return bytes[position - 1]
    }

    /// A number of any size.
    public mutating func word() throws(Damage) -> UInt64 {
        var value: UInt64 = 0
        for shift in stride(from: UInt64(0), through: 63, by: 7) {
            let byte = try byte()
            // The tenth byte has one bit left.
            if shift == 63, byte > 1 { throw Damage() }
            value |= UInt64(byte & 0x7f) << shift
            if byte & 0x80 == 0 { return value }
        }
        throw Damage()
    }

    /// A number that is not negative.
    public mutating func number() throws(Damage) -> Int {
        guard let number = Int(exactly: try word()) else { throw Damage() }
        return number
    }

    /// A number of eight bytes.
    public mutating func fixed() throws(Damage) -> UInt64 {
        guard remaining >= 8 else { throw Damage() }
        var value: UInt64 = 0
        for index in 0..<8 { value |= UInt64(bytes[position + index]) << UInt64(8 * index) }
        position += 8
        return value
    }

    /// Yes or no.
    public mutating func flag() throws(Damage) -> Bool {
        let byte = try byte()
        guard byte <= 1 else { throw Damage() }
        return byte == 1
    }

    /// Bytes behind their length.
    public mutating func content() throws(Damage) -> [UInt8] {
        let count = try number()
        guard count <= remaining else { throw Damage() }
        position += count
        return Array(bytes[(position - count)..<position])
    }

    /// A text behind its length, which is UTF-8.
    public mutating func text() throws(Damage) -> String {
        let count = try number()
        guard count <= remaining else { throw Damage() }
        position += count
        guard let text = String(validating: bytes[(position - count)..<position], as: UTF8.self) else { throw Damage() }
        return text
    }

    /// A text that may be missing.
    public mutating func optionalText() throws(Damage) -> String? {
        try flag() ? try text() : nil
    }

    /// Elements behind their number. Each takes a byte at least, so that a number alone asks for no memory.
    public mutating func elements<Element>(
        _ element: (inout StoredReader) throws(Damage) -> Element
    ) throws(Damage) -> [Element] {
        let count = try number()
        guard count <= remaining else { throw Damage() }
        var found: [Element] = []
        for _ in 0..<count {
            let before = position
            found.append(try element(&self))
            guard position > before else { throw Damage() }
        }
        return found
    }
}
