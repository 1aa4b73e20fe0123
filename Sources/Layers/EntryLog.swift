/// What a layer does to the layers below it, entry by entry in the order of its archive, as few bytes as will do.
///
/// Each path is stored as what differs from the one before it: archives go through directories, so that a hundred thousand entries take
/// about two million bytes. All of them are needed, since any may hide a file below that was kept, and layers are read side by side.
struct EntryLog: Sendable {
    enum Kind: UInt8 {
        /// A file or device whose bytes were not looked at.
        case other
        case directory
        /// With its target.
        case symbolicLink
        case whiteout
        case opaqueDirectory
        /// With its place among the kept files.
        case kept
        /// A file that was looked at and holds nothing of interest.
        case dismissed
        /// A hard link that is wanted and leads out of the layer, with its place among those.
        case hardLink
    }

    private(set) var bytes: [UInt8] = []
    private var last: [UInt8] = []

    /// Nothing yet.
    init() {}

    /// Bytes that a log wrote: a cursor believes every one of them.
    init(trusted bytes: [UInt8]) { self.bytes = bytes }

    /// `path` is clean; `index` is used by kinds that have a place, `target` by symbolic links.
    mutating func append(_ kind: Kind, path: [UInt8], index: Int = 0, target: [UInt8] = []) {
        var shared = 0
        let limit = min(path.count, last.count)
        while shared < limit, path[shared] == last[shared] { shared += 1 }
        bytes.append(kind.rawValue)
        append(shared)
        append(path.count - shared)
        bytes.append(contentsOf: path[shared...])
        last.removeSubrange(shared...)
        last.append(contentsOf: path[shared...])
        switch kind {
        case .symbolicLink:
            append(target.count)
            bytes.append(contentsOf: target)
        case .kept, .hardLink: append(index)
        case .other, .directory, .whiteout, .opaqueDirectory, .dismissed: break
        }
    }

    /// Nothing more is added: lets go of what only adding needs.
    mutating func close() { last = [] }

    private mutating func append(_ number: Int) {
        var rest = UInt(number)
        while rest >= 0x80 {
            bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
            rest >>= 7
        }
        bytes.append(UInt8(rest))
    }

    /// Goes through a log from its start.
    struct Cursor {
        private let bytes: [UInt8]
        private var position = 0
        private(set) var kind = Kind.other
        private(set) var path: [UInt8] = []
        private(set) var target: [UInt8] = []
        private(set) var index = 0

        init(_ log: EntryLog) { bytes = log.bytes }

        /// False at the end.
        mutating func next() -> Bool {
            guard position < bytes.count, let kind = Kind(rawValue: bytes[position]) else { return false }
            self.kind = kind
            position += 1
            let shared = number()
            let added = number()
            path.removeSubrange(shared...)
            path.append(contentsOf: bytes[position..<(position + added)])
            position += added
            switch kind {
            case .symbolicLink:
                let count = number()
                target.removeAll(keepingCapacity: true)
                target.append(contentsOf: bytes[position..<(position + count)])
                position += count
            case .kept, .hardLink: index = number()
            case .other, .directory, .whiteout, .opaqueDirectory, .dismissed: break
            }
            return true
        }

        private mutating func number() -> Int {
            var value: UInt = 0
            var shift: UInt = 0
            while position < bytes.count {
                let byte = bytes[position]
                position += 1
                value |= UInt(byte & 0x7f) << shift
                if byte & 0x80 == 0 { break }
                shift += 7
            }
            return Int(value)
        }
    }
}
