/// Damages archives and compressed streams, by seed, in ways that get past the first check.
package struct Mutator {
    package var random: SeededRandom

    package init(random: SeededRandom) { self.random = random }

    /// Numbers at the edges of fields and types.
    private static let edges: [UInt64] = [
        0, 1, 511, 512, 513, 0o777_7777_7777, 1 << 31, 1 << 32, 1 << 33, 1 << 62, UInt64(Int64.max) - 511,
        UInt64(Int64.max),
    ]
    private static let words = [
        "path", "linkpath", "size", "GNU.sparse.major", "GNU.sparse.map", "GNU.sparse.size", "GNU.sparse.offset", "../",
        ".wh..wh..opq", ".wh.", "9223372036854775807", "-1", "\n", "=", " ", "\0",
    ]

    /// An archive with up to four changes.
    package mutating func archive(_ bytes: [UInt8]) -> [UInt8] {
        var bytes = bytes
        for _ in 0..<Int.random(in: 1...4, using: &random) where bytes.count >= 512 {
            if Bool.random(using: &random) { header(of: &bytes) } else { anything(&bytes) }
        }
        return bytes
    }

    /// A stream with up to three changes.
    package mutating func stream(_ bytes: [UInt8]) -> [UInt8] {
        var bytes = bytes
        for _ in 0..<Int.random(in: 1...3, using: &random) { anything(&bytes) }
        return bytes
    }

    /// Changes a field of a block and makes its checksum right again.
    private mutating func header(of bytes: inout [UInt8]) {
        let start = Int.random(in: 0..<(bytes.count / 512), using: &random) * 512
        switch Int.random(in: 0..<7, using: &random) {
        case 0: bytes[start + 156] = Array("01234567SxgLKVNMD\0A".utf8).randomElement(using: &random) ?? 0
        case 1: put(TarFixture.base256(edge()), at: start + 124, in: &bytes)
        case 2:
            put(
                Array(String(UInt64.random(in: 0...4000, using: &random), radix: 8).utf8) + [0],
                at: start + 124,
                in: &bytes
            )
        case 3:
            put(TarFixture.base256(edge()), at: start + (Int.random(in: 0..<4, using: &random) * 12 + 386), in: &bytes)
        case 4: bytes[start + 482] ^= 1
        case 5: put(Array(word().utf8), at: start + (Bool.random(using: &random) ? 0 : 157), in: &bytes)
        default: bytes[start + Int.random(in: 0..<512, using: &random)] = .random(in: 0...255, using: &random)
        }
        for index in 148..<156 { bytes[start + index] = 0x20 }
        let sum = bytes[start..<(start + 512)].reduce(0) { $0 + Int($1) }
        put(TarFixture().octal(sum, width: 7), at: start + 148, in: &bytes)
    }

    private mutating func anything(_ bytes: inout [UInt8]) {
        guard !bytes.isEmpty else { return }
        let place = Int.random(in: 0..<bytes.count, using: &random)
        let length = min(Int.random(in: 1...600, using: &random), bytes.count - place)
        switch Int.random(in: 0..<8, using: &random) {
        case 0: bytes[place] ^= 1 << UInt8.random(in: 0..<8, using: &random)
        case 1: bytes[place] = .random(in: 0...255, using: &random)
        case 2: bytes.removeSubrange(place..<(place + length))
        case 3: bytes.insert(contentsOf: bytes[place..<(place + length)], at: place)
        case 4: bytes.removeLast(bytes.count - place)
        case 5: for index in place..<(place + min(length, 16)) { bytes[index] = .random(in: 0...255, using: &random) }
        case 6: put(Array(word().utf8), at: place, in: &bytes)
        default:
            bytes.insert(contentsOf: [UInt8](repeating: .random(in: 0...255, using: &random), count: length), at: place)
        }
    }

    private mutating func edge() -> UInt64 { Self.edges.randomElement(using: &random) ?? 0 }

    private mutating func word() -> String { Self.words.randomElement(using: &random) ?? "" }

    private func put(_ field: [UInt8], at start: Int, in bytes: inout [UInt8]) {
        for (index, byte) in field.enumerated() where start + index < bytes.count { bytes[start + index] = byte }
    }
}
