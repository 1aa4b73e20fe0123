/// Base32 in lowercase without padding. Source: RFC 4648, section 6.
enum Base32 {
    private static let alphabet = Array("abcdefghijklmnopqrstuvwxyz234567".utf8)

    static func encode(_ bytes: [UInt8]) -> String {
        String(decoding: characters(of: bytes), as: UTF8.self)
    }

    /// The characters of the encoding, in ASCII.
    static func characters(of bytes: [UInt8]) -> [UInt8] {
        var characters: [UInt8] = []
        characters.reserveCapacity((bytes.count * 8 + 4) / 5)
        var bits: UInt32 = 0
        var held: UInt32 = 0
        for byte in bytes {
            bits = bits << 8 | UInt32(byte)
            held += 8
            while held >= 5 {
                held -= 5
                characters.append(alphabet[Int(bits >> held & 31)])
            }
        }
        if held > 0 { characters.append(alphabet[Int(bits << (5 - held) & 31)]) }
        return characters
    }

    /// Exactly `count` bytes from their one encoding; nil for other characters, lengths, or bits that should be zero.
    static func decode(_ characters: some Collection<UInt8>, count: Int) -> [UInt8]? {
        guard characters.count == (count * 8 + 4) / 5 else { return nil }
        var bytes: [UInt8] = []
        bytes.reserveCapacity(count)
        var bits: UInt32 = 0
        var held: UInt32 = 0
        for character in characters {
            let value: UInt8
            switch character {
            case UInt8(ascii: "a")...UInt8(ascii: "z"): value = character - UInt8(ascii: "a")
            case UInt8(ascii: "2")...UInt8(ascii: "7"): value = character - UInt8(ascii: "2") + 26
            default: return nil
            }
            bits = (bits << 5 | UInt32(value)) & 0xFFFF
            held += 5
            if held >= 8 {
                held -= 8
                bytes.append(UInt8(truncatingIfNeeded: bits >> held))
            }
        }
        guard bits & (1 << held - 1) == 0 else { return nil }
        return bytes
    }
}
