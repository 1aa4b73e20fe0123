/// The path of an archive entry, made safe: relative to the root, and nothing in it that leaves it.
///
/// `..` goes up lexically and stops at the root, as containerd and umoci do. Bytes that are no UTF-8, and zero bytes, become U+FFFD.
struct EntryPath {
    /// Clean and valid UTF-8; empty for the root itself.
    private(set) var bytes: [UInt8] = []
    /// Parts in it.
    private(set) var depth = 0
    /// Whether bytes were replaced.
    private(set) var wasRepaired = false
    /// Whether it pointed above the root.
    private(set) var wasClamped = false
    /// Whether a directory in it is one of aufs's own, which begin with `.wh..wh.`.
    private(set) var isReserved = false
    /// Where the last part begins.
    private(set) var nameStart = 0

    /// Makes `raw` safe. Keeps the memory of the path before.
    mutating func set(_ raw: UnsafeRawBufferPointer) {
        bytes.removeAll(keepingCapacity: true)
        depth = 0
        wasRepaired = false
        wasClamped = false
        isReserved = false
        var needsRepair = false
        var start = 0
        while start <= raw.count {
            var end = start
            while end < raw.count, raw[end] != UInt8(ascii: "/") {
                if raw[end] >= 0x80 || raw[end] == 0 { needsRepair = true }
                end += 1
            }
            append(UnsafeRawBufferPointer(rebasing: raw[start..<end]))
            start = end + 1
        }
        if needsRepair { repair() }
        nameStart = bytes.lastIndex(of: UInt8(ascii: "/")).map { $0 + 1 } ?? 0
    }

    /// As text.
    var string: String { String(decoding: bytes, as: UTF8.self) }

    private mutating func append(_ part: UnsafeRawBufferPointer) {
        if part.isEmpty || (part.count == 1 && part[0] == UInt8(ascii: ".")) { return }
        if part.count == 2, part[0] == UInt8(ascii: "."), part[1] == UInt8(ascii: ".") {
            guard depth > 0 else {
                wasClamped = true
                return
            }
            bytes.removeSubrange((bytes.lastIndex(of: UInt8(ascii: "/")) ?? 0)...)
            depth -= 1
            return
        }
        if part.count >= 8, part[0] == UInt8(ascii: "."), part.starts(with: ".wh..wh.".utf8) { isReserved = true }
        if depth > 0 { bytes.append(UInt8(ascii: "/")) }
        bytes.append(contentsOf: part)
        depth += 1
    }

    private mutating func repair() {
        guard bytes.contains(0) || String(validating: bytes, as: UTF8.self) == nil else { return }
        let text = String(decoding: bytes, as: UTF8.self)
        bytes.removeAll(keepingCapacity: true)
        for scalar in text.unicodeScalars {
            bytes.append(contentsOf: String(scalar.value == 0 ? "\u{fffd}" : scalar).utf8)
        }
        wasRepaired = true
    }
}
