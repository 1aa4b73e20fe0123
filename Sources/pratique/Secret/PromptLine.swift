/// The line being typed at a prompt without echo, one byte at a time.
///
/// The terminal's own line editing is off because it cuts lines at 4095 bytes, so its few keys are kept here.
struct PromptLine {
    enum Action: Equatable {
        case more
        case finished
        case cancelled
    }

    private(set) var bytes: [UInt8] = []

    mutating func accept(_ byte: UInt8) -> Action {
        switch byte {
        case UInt8(ascii: "\n"), UInt8(ascii: "\r"): return .finished
        case 0x03, 0x1C: return .cancelled  // Ctrl-C, Ctrl-\
        case 0x04: return bytes.isEmpty ? .cancelled : .finished  // Ctrl-D
        case 0x08, 0x7F: removeLastCharacter()
        case 0x15: bytes.removeAll()  // Ctrl-U
        default: bytes.append(byte)
        }
        return .more
    }

    /// Takes back one code point: its continuation bytes (10xxxxxx) and the byte they follow.
    private mutating func removeLastCharacter() {
        while let last = bytes.popLast(), last & 0xC0 == 0x80 {}
    }
}
