/// Deflated data made by hand: the tests have no compressor. Source: RFC 1951, RFC 1950.
enum Deflated {
    /// In blocks that are stored as they are.
    static func stored(_ bytes: [UInt8]) -> [UInt8] {
        var writer = ByteWriter()
        var start = 0
        repeat {
            let end = min(start + 65535, bytes.count)
            writer.bytes.append(end == bytes.count ? 1 : 0)
            writer.little(UInt16(end - start))
            writer.little(~UInt16(end - start))
            writer.bytes += bytes[start..<end]
            start = end
        } while start < bytes.count
        return writer.bytes
    }

    /// The same with the wrapping of zlib.
    static func zlib(_ bytes: [UInt8]) -> [UInt8] {
        var low: UInt32 = 1
        var high: UInt32 = 0
        for byte in bytes {
            low = (low + UInt32(byte)) % 65521
            high = (high + low) % 65521
        }
        var writer = ByteWriter(bytes: [0x78, 0x01] + stored(bytes))
        writer.big(high << 16 | low)
        return writer.bytes
    }

    /// One zero and `repeats` times 258 more, in 13 bits each, with the codes of the standard: a bomb.
    static func zeros(repeats: Int) -> [UInt8] {
        var bits = Bits()
        bits.append(0b1, count: 1)
        bits.append(0b01, count: 2)
        bits.appendCode(0b0011_0000, count: 8)
        for _ in 0..<repeats {
            bits.appendCode(0b1100_0101, count: 8)
            bits.appendCode(0b00000, count: 5)
        }
        bits.appendCode(0, count: 7)
        return bits.bytes
    }

    /// With the codes of the standard for every byte: it ends in the middle of one.
    static func coded(_ bytes: [UInt8]) -> [UInt8] {
        var bits = Bits()
        bits.append(0b1, count: 1)
        bits.append(0b01, count: 2)
        for byte in bytes {
            if byte < 144 {
                bits.appendCode(0b0011_0000 + UInt32(byte), count: 8)
            } else {
                bits.appendCode(0b1_1001_0000 + UInt32(byte) - 144, count: 9)
            }
        }
        bits.appendCode(0, count: 7)
        return bits.bytes
    }

    private struct Bits {
        var bytes: [UInt8] = []
        var used = 0

        mutating func append(_ value: UInt32, count: Int) {
            for bit in 0..<count {
                if used % 8 == 0 { bytes.append(0) }
                bytes[bytes.count - 1] |= UInt8(value >> UInt32(bit) & 1) << UInt8(used % 8)
                used += 1
            }
        }

        /// Codes begin with their highest bit.
        mutating func appendCode(_ code: UInt32, count: Int) {
            for bit in (0..<count).reversed() { append(code >> UInt32(bit) & 1, count: 1) }
        }
    }

    /// As in gzip and zip.
    static func crc32(_ bytes: [UInt8]) -> UInt32 {
        ~bytes.withUnsafeBufferPointer { bytes in
            table.withUnsafeBufferPointer { table in
                bytes.reduce(~UInt32(0)) { $0 >> 8 ^ table[Int(UInt8(truncatingIfNeeded: $0) ^ $1)] }
            }
        }
    }

    private static let table: [UInt32] = (0..<256).map { (byte: UInt32) in
        (0..<8).reduce(byte) { sum, _ in sum & 1 == 1 ? sum >> 1 ^ 0xEDB8_8320 : sum >> 1 }
    }
}
