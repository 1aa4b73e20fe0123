/// What makes a path worth a second look. It may fit too many files, never too few.
enum Clue: Sendable {
    /// The last component is exactly this: `package.json`.
    case name(String)
    /// The last component ends so, from its last dot on: `.jar`.
    case fileExtension(String)
    /// The directory directly above is called so: `status.d`.
    case parent(String)
    /// Some execute bit is set.
    case executable
}

/// Which cataloguers a path may concern, found with three hashes of the end of it: an image has a hundred thousand files.
struct ClueTable: Sendable {
    /// A set of cataloguers, by their place in the list.
    typealias Members = UInt32

    private var keys: [UInt64]
    private var members: [Members]
    private var executables: Members = 0
    private let mask: Int

    /// A table for at most 32 cataloguers.
    init(_ clues: [[Clue]]) {
        var capacity = 64
        let total = clues.reduce(0) { $0 + $1.count }
        while capacity < total * 4 { capacity *= 2 }
        keys = Array(repeating: 0, count: capacity)
        members = Array(repeating: 0, count: capacity)
        mask = capacity - 1
        for (number, clues) in clues.prefix(Members.bitWidth).enumerated() {
            let member = Members(1) << Members(number)
            for clue in clues {
                switch clue {
                case .name(let name): insert(member, ClueTable.hash(name, Seed.name))
                case .fileExtension(let suffix): insert(member, ClueTable.hash(suffix, Seed.fileExtension))
                case .parent(let name): insert(member, ClueTable.hash(name, Seed.parent))
                case .executable: executables |= member
                }
            }
        }
    }

    /// The cataloguers that `path` may concern.
    func members(for path: String, mode: UInt32) -> Members {
        var found = mode & 0o111 != 0 ? executables : 0
        var path = path
        path.withUTF8 { bytes in
            var start = bytes.count
            while start > 0, bytes[start - 1] != UInt8(ascii: "/") { start -= 1 }
            found |= lookup(ClueTable.hash(bytes[start...], Seed.name))
            if let dot = bytes[start...].lastIndex(of: UInt8(ascii: ".")) {
                found |= lookup(ClueTable.hash(bytes[dot...], Seed.fileExtension))
            }
            guard start > 1 else { return }
            var parent = start - 1
            while parent > 0, bytes[parent - 1] != UInt8(ascii: "/") { parent -= 1 }
            found |= lookup(ClueTable.hash(bytes[parent..<(start - 1)], Seed.parent))
        }
        return found
    }

    // Different beginnings keep a directory `status` apart from a file of that name.
    private enum Seed {
        static let name: UInt64 = 0xcbf2_9ce4_8422_2325
        static let fileExtension: UInt64 = 0x9e37_79b9_7f4a_7c15
        static let parent: UInt64 = 0xc2b2_ae3d_27d4_eb4f
    }

    private static func hash(_ text: String, _ seed: UInt64) -> UInt64 {
        var text = text
        return text.withUTF8 { hash($0[...], seed) }
    }

    @inline(__always)
    private static func hash(_ bytes: Slice<UnsafeBufferPointer<UInt8>>, _ seed: UInt64) -> UInt64 {
        var value = seed
        for byte in bytes { value = (value ^ UInt64(byte)) &* 0x0000_0100_0000_01b3 }
        return value
    }

    private func lookup(_ key: UInt64) -> Members {
        var slot = Int(truncatingIfNeeded: key ^ (key >> 32)) & mask
        while members[slot] != 0 {
            if keys[slot] == key { return members[slot] }
            slot = (slot + 1) & mask
        }
        return 0
    }

    private mutating func insert(_ member: Members, _ key: UInt64) {
        var slot = Int(truncatingIfNeeded: key ^ (key >> 32)) & mask
        while members[slot] != 0, keys[slot] != key { slot = (slot + 1) & mask }
        keys[slot] = key
        members[slot] |= member
    }
}
