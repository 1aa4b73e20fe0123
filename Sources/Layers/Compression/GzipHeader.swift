import CInflate

/// Reads the header of a gzip member byte by byte. Source: RFC 1952, section 2.3.
///
/// ISA-L has a reader of its own, which takes a right checksum of a header for a wrong one when the header comes in two pieces.
struct GzipHeader {
    enum Outcome {
        case needsMore
        case complete
        case damaged(String)
    }

    private enum Part { case fixed, extraLength, extra, name, comment, checksum }

    /// The fields of a real header have a few dozen bytes; the longest that could be meant are an extra field and two file names.
    private static let limitInBytes = 128 << 10

    private var part = Part.fixed
    private var flags: UInt8 = 0
    private var checksum: UInt32 = 0
    private var count = 0
    private var place = 0
    private var number = 0

    /// Reads on in `input`, which moves on.
    mutating func read(_ input: inout UnsafeRawBufferPointer) -> Outcome {
        while let byte = input.first {
            input = UnsafeRawBufferPointer(rebasing: input.dropFirst())
            count += 1
            guard count <= Self.limitInBytes else { return .damaged("a gzip header that does not end") }
            if let outcome = read(byte) { return outcome }
        }
        return .needsMore
    }

    /// Nil while more must come.
    private mutating func read(_ byte: UInt8) -> Outcome? {
        let sum = checksum
        checksum = withUnsafePointer(to: byte) { crc32_gzip_refl(checksum, $0, 1) }
        place += 1
        switch part {
        case .fixed:
            switch place {
            case 1: if byte != 0x1f { return .damaged("not a gzip member") }
            case 2: if byte != 0x8b { return .damaged("not a gzip member") }
            case 3: if byte != 8 { return .damaged("not compressed by deflate") }
            case 4: flags = byte
            default: break
            }
            return place < 10 ? nil : begin(after: .fixed)
        case .extraLength:
            number |= Int(byte) << (8 * (place - 1))
            return place < 2 ? nil : number == 0 ? begin(after: .extra) : begin(.extra)
        case .extra: return place < number ? nil : begin(after: .extra)
        case .name: return byte != 0 ? nil : begin(after: .name)
        case .comment: return byte != 0 ? nil : begin(after: .comment)
        case .checksum:
            // It does not count itself.
            checksum = sum
            number |= Int(byte) << (8 * (place - 1))
            guard place == 2 else { return nil }
            return number == Int(sum & 0xffff) ? .complete : .damaged("a gzip checksum is wrong")
        }
    }

    private mutating func begin(_ part: Part) -> Outcome? {
        self.part = part
        place = 0
        if part != .extra { number = 0 }
        return nil
    }

    /// The next part that the flags announce.
    private mutating func begin(after part: Part) -> Outcome? {
        if part == .fixed, flags & 4 != 0 { return begin(.extraLength) }
        if part == .fixed || part == .extra, flags & 8 != 0 { return begin(.name) }
        if part != .comment, flags & 16 != 0 { return begin(.comment) }
        return flags & 2 != 0 ? begin(.checksum) : .complete
    }
}
