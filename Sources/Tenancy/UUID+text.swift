import Foundation

extension UUID {
    /// Parses the 36 characters of a UUID in either case. Source: RFC 9562, section 4.
    ///
    /// Foundation's own parser goes through `sscanf` and its formatter through `snprintf`; a request has a dozen ids.
    init?(text: String) {
        var bytes: (UInt64, UInt64) = (0, 0)
        var position = 0
        for character in text.utf8 {
            let isDash = position == 8 || position == 13 || position == 18 || position == 23
            let digit: UInt64
            switch character {
            case UInt8(ascii: "-") where isDash:
                position += 1
                continue
            case _ where isDash: return nil
            case UInt8(ascii: "0")...UInt8(ascii: "9"): digit = UInt64(character - UInt8(ascii: "0"))
            case UInt8(ascii: "a")...UInt8(ascii: "f"): digit = UInt64(character - UInt8(ascii: "a") + 10)
            case UInt8(ascii: "A")...UInt8(ascii: "F"): digit = UInt64(character - UInt8(ascii: "A") + 10)
            default: return nil
            }
            guard position < 36 else { return nil }
            if position < 18 { bytes.0 = bytes.0 << 4 | digit } else { bytes.1 = bytes.1 << 4 | digit }
            position += 1
        }
        guard position == 36 else { return nil }
        self = withUnsafeBytes(of: (bytes.0.bigEndian, bytes.1.bigEndian)) {
            UUID(uuid: $0.loadUnaligned(as: uuid_t.self))
        }
    }

    /// The 36 characters, in lower case.
    var lowercasedText: String {
        String(unsafeUninitializedCapacity: 36) { text in
            withUnsafeBytes(of: uuid) { bytes in
                var position = 0
                for index in 0..<16 {
                    if index == 4 || index == 6 || index == 8 || index == 10 {
                        text[position] = UInt8(ascii: "-")
                        position += 1
                    }
                    text[position] = hexadecimal(bytes[index] >> 4)
                    text[position + 1] = hexadecimal(bytes[index] & 15)
                    position += 2
                }
            }
            return 36
        }
    }
}

private func hexadecimal(_ value: UInt8) -> UInt8 {
    value < 10 ? UInt8(ascii: "0") + value : UInt8(ascii: "a") + value - 10
}
