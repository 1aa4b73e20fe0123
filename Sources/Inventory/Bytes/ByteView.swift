import Glibc

/// Bytes lent for the length of a call. Every offset comes from a hostile file, so every access is checked and answers nil
/// beyond the end.
struct ByteView {
    /// The bytes themselves; valid as long as their owner lends them.
    let bytes: UnsafeRawBufferPointer

    /// A view of `bytes`.
    init(_ bytes: UnsafeRawBufferPointer) { self.bytes = bytes }

    var count: Int { bytes.count }
    var isEmpty: Bool { bytes.isEmpty }

    /// The byte at `offset`; nil outside.
    subscript(offset: Int) -> UInt8? {
        offset >= 0 && offset < bytes.count ? bytes[offset] : nil
    }

    /// `count` bytes from `offset`; nil when they are not all there.
    func slice(from offset: Int, count: Int) -> ByteView? {
        guard offset >= 0, count >= 0, offset <= bytes.count, count <= bytes.count - offset else { return nil }
        return ByteView(UnsafeRawBufferPointer(rebasing: bytes[offset..<(offset + count)]))
    }

    /// Everything from `offset`; nothing when it lies outside.
    func dropping(_ offset: Int) -> ByteView {
        slice(from: offset, count: bytes.count - offset) ?? ByteView(UnsafeRawBufferPointer(start: nil, count: 0))
    }

    /// At most the first `length` bytes.
    func prefix(_ length: Int) -> ByteView {
        ByteView(UnsafeRawBufferPointer(rebasing: bytes.prefix(max(0, length))))
    }

    /// An integer, lowest byte first; nil when it is not all there.
    func little<T: FixedWidthInteger>(_ type: T.Type, at offset: Int) -> T? {
        guard let field = slice(from: offset, count: T.bitWidth / 8) else { return nil }
        return T(littleEndian: field.bytes.loadUnaligned(as: T.self))
    }

    /// An integer, highest byte first; nil when it is not all there.
    func big<T: FixedWidthInteger>(_ type: T.Type, at offset: Int) -> T? {
        guard let field = slice(from: offset, count: T.bitWidth / 8) else { return nil }
        return T(bigEndian: field.bytes.loadUnaligned(as: T.self))
    }

    /// Where `byte` first stands at or after `offset`.
    func firstIndex(of byte: UInt8, from offset: Int = 0) -> Int? {
        guard offset >= 0, offset < bytes.count, let base = bytes.baseAddress,
            let hit = memchr(base + offset, Int32(byte), bytes.count - offset)
        else { return nil }
        return UnsafeRawPointer(hit) - base
    }

    /// Where `pattern` first stands at or after `offset`.
    func firstIndex(of pattern: StaticString, from offset: Int = 0) -> Int? {
        firstIndex(of: UnsafeRawBufferPointer(start: pattern.utf8Start, count: pattern.utf8CodeUnitCount), from: offset)
    }

    /// Where `pattern` first stands at or after `offset`.
    func firstIndex(of pattern: UnsafeRawBufferPointer, from offset: Int = 0) -> Int? {
        guard let first = pattern.first, let base = bytes.baseAddress, let needle = pattern.baseAddress else {
            return nil
        }
        var start = offset
        while let hit = firstIndex(of: first, from: start), hit <= bytes.count - pattern.count {
            if memcmp(base + hit, needle, pattern.count) == 0 { return hit }
            start = hit + 1
        }
        return nil
    }

    /// Whether these bytes begin with `text`.
    func hasPrefix(_ text: StaticString) -> Bool {
        guard let base = bytes.baseAddress, bytes.count >= text.utf8CodeUnitCount else {
            return text.utf8CodeUnitCount == 0
        }
        return memcmp(base, text.utf8Start, text.utf8CodeUnitCount) == 0
    }

    /// Whether these bytes end with `text`.
    func hasSuffix(_ text: StaticString) -> Bool {
        guard bytes.count >= text.utf8CodeUnitCount else { return false }
        return dropping(bytes.count - text.utf8CodeUnitCount).hasPrefix(text)
    }

    /// Whether these bytes are exactly `text`.
    func equals(_ text: StaticString) -> Bool {
        bytes.count == text.utf8CodeUnitCount && hasPrefix(text)
    }

    /// Without spaces, tabs and ends of lines at either end.
    var trimmed: ByteView {
        var start = 0
        var end = bytes.count
        while start < end, ByteView.isBlank(bytes[start]) { start += 1 }
        while end > start, ByteView.isBlank(bytes[end - 1]) { end -= 1 }
        return slice(from: start, count: end - start) ?? self
    }

    /// As text; what is no UTF-8 becomes U+FFFD.
    var text: String { String(decoding: bytes, as: UTF8.self) }

    /// Whether these bytes reach to the very end of `whole`, which lends them: a line that nothing ended.
    func isLast(of whole: ByteView) -> Bool {
        guard let end = bytes.baseAddress.map({ $0 + bytes.count }), let base = whole.bytes.baseAddress else {
            return false
        }
        return end == base + whole.count
    }

    private static func isBlank(_ byte: UInt8) -> Bool { byte == 0x20 || (0x09...0x0D).contains(byte) }
}

/// The lines of a view, without their ends.
struct Lines: Sequence, IteratorProtocol {
    private let view: ByteView
    private var offset = 0

    init(_ view: ByteView) { self.view = view }

    mutating func next() -> ByteView? {
        guard offset < view.count else { return nil }
        let end = view.firstIndex(of: 0x0A, from: offset) ?? view.count
        var length = end - offset
        if length > 0, view[end - 1] == 0x0D { length -= 1 }
        defer { offset = end + 1 }
        return view.slice(from: offset, count: length)
    }
}
