/// A path by its hash, so that the file lists of a whole distribution (a hundred thousand paths) cost eight bytes each.
///
/// FNV-1a, 64 bits: it can be fed piece by piece. Two paths that share one are a harmless accident, or the doing of someone who
/// could as well have written the wrong list.
struct PathHash: Sendable, Hashable {
    private(set) var value: UInt64 = 0xcbf2_9ce4_8422_2325

    /// Of nothing yet.
    init() {}

    /// One that was kept.
    init(value: UInt64) { self.value = value }

    /// Of a whole path, without a leading slash.
    init(_ path: some StringProtocol) {
        for byte in path.utf8 { append(byte) }
    }

    /// Of these bytes.
    init(_ view: ByteView) {
        append(view)
    }

    /// One byte more.
    @inline(__always)
    mutating func append(_ byte: UInt8) {
        value = (value ^ UInt64(byte)) &* 0x0000_0100_0000_01b3
    }

    /// More bytes.
    mutating func append(_ view: ByteView) {
        for byte in view.bytes { append(byte) }
    }
}
