extension FileTree {
    /// Where a path leads.
    struct Walk {
        /// The last node that exists on the way.
        var node: Index
        /// Names that are missing below it.
        var missing: [String] = []
        /// A file in the place of a directory: ``missing`` begins with its name.
        var blocked: Index?
        /// Whether it went through more symbolic links than the kernel follows.
        var isLoop = false

        /// The node at the end of the path, when it exists.
        var end: Index? { missing.isEmpty && !isLoop ? node : nil }
    }

    /// As many as Linux follows (`MAXSYMLINKS`).
    static let linkLimit = 40

    private struct Part {
        let bytes: [UInt8]
        var position: Int
        let end: Int

        var hasMore: Bool { bytes[position..<end].contains { $0 != UInt8(ascii: "/") } }

        mutating func next() -> String? {
            while position < end, bytes[position] == UInt8(ascii: "/") { position += 1 }
            guard position < end else { return nil }
            let start = position
            while position < end, bytes[position] != UInt8(ascii: "/") { position += 1 }
            return String(decoding: bytes[start..<position], as: UTF8.self)
        }
    }

    /// Follows `path` up to `end` from the root; a symbolic link at its end is followed if `followsLast`. Each name costs a step.
    func walk(_ path: [UInt8], end: Int, followsLast: Bool, steps: inout Int) -> Walk {
        var walk = Walk(node: Self.root)
        var part = Part(bytes: path, position: 0, end: end)
        var outer: [Part] = []
        var links = 0
        while true {
            guard let name = part.next() else {
                guard let before = outer.popLast() else { return walk }
                part = before
                continue
            }
            steps += 1
            if name == "." { continue }
            if name == ".." {
                if walk.missing.popLast() == nil { walk.node = self[walk.node].parent }
                if walk.missing.isEmpty { walk.blocked = nil }
                continue
            }
            guard walk.missing.isEmpty, let child = child(of: walk.node, named: name) else {
                walk.missing.append(name)
                continue
            }
            switch self[child].content {
            case .directory: walk.node = child
            case .symbolicLink(let target):
                let isLast = !part.hasMore && !outer.contains { $0.hasMore }
                guard !isLast || followsLast else {
                    walk.node = child
                    return walk
                }
                links += 1
                guard links <= Self.linkLimit else {
                    walk.isLoop = true
                    return walk
                }
                if target.first == UInt8(ascii: "/") { walk.node = Self.root }
                outer.append(part)
                part = Part(bytes: target, position: 0, end: target.count)
            case .file, .dismissed:
                if !part.hasMore, !outer.contains(where: { $0.hasMore }) {
                    walk.node = child
                    return walk
                }
                walk.blocked = child
                walk.missing = [name]
            }
        }
    }
}
