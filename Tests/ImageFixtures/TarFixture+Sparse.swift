extension TarFixture {
    /// How GNU tar has written sparse files.
    package enum SparseFormat: CaseIterable { case old, pax00, pax01, pax10 }

    package struct Piece {
        package let offset: Int
        package let bytes: [UInt8]

        package init(offset: Int, bytes: [UInt8]) {
            self.offset = offset
            self.bytes = bytes
        }
    }

    /// A sparse file of `size` bytes; what is not in `pieces` is zero.
    package mutating func sparseFile(_ path: String, size: Int, pieces: [Piece], format: SparseFormat) {
        let name = Array(path.utf8)
        let stored = pieces.flatMap(\.bytes)
        switch format {
        case .old:
            oldSparse(name, size: size, pieces: pieces, stored: stored)
        case .pax00:
            let numbers = pieces.flatMap {
                [("GNU.sparse.offset", "\($0.offset)"), ("GNU.sparse.numbytes", "\($0.bytes.count)")]
            }
            pax([("GNU.sparse.size", "\(size)"), ("GNU.sparse.numblocks", "\(pieces.count)")] + numbers)
            entry(name, type: "0", size: stored.count)
            append(stored)
        case .pax01:
            let map = pieces.map { "\($0.offset),\($0.bytes.count)" }.joined(separator: ",")
            pax([("GNU.sparse.size", "\(size)"), ("GNU.sparse.name", path), ("GNU.sparse.map", map)])
            entry(Array("GNUSparseFile.0/file".utf8), type: "0", size: stored.count)
            append(stored)
        case .pax10:
            let lines = "\(pieces.count)\n" + pieces.map { "\($0.offset)\n\($0.bytes.count)\n" }.joined()
            let map = Array(lines.utf8)
            let padded = map + [UInt8](repeating: 0, count: (512 - map.count % 512) % 512)
            pax([
                ("GNU.sparse.major", "1"), ("GNU.sparse.minor", "0"), ("GNU.sparse.name", path),
                ("GNU.sparse.realsize", "\(size)"),
            ])
            entry(Array("GNUSparseFile.0/file".utf8), type: "0", size: padded.count + stored.count)
            append(padded + stored)
        }
    }

    /// Four pieces in the header, 21 in each block that follows it.
    private mutating func oldSparse(_ name: [UInt8], size: Int, pieces: [Piece], stored: [UInt8]) {
        let fields = pieces.map { octal($0.offset, width: 12) + octal($0.bytes.count, width: 12) }
        let before = format
        format = .gnu
        header(name: name, type: "S", size: octal(stored.count, width: 12)) { block in
            for (index, byte) in fields.prefix(4).joined().enumerated() { block[386 + index] = byte }
            block[482] = fields.count > 4 ? 1 : 0
            for (index, byte) in TarFixture.base256(UInt64(size)).enumerated() { block[483 + index] = byte }
        }
        format = before
        var rest = fields.dropFirst(4)
        while !rest.isEmpty {
            var block = Array(rest.prefix(21).joined())
            rest = rest.dropFirst(21)
            block += [UInt8](repeating: 0, count: 512 - block.count)
            block[504] = rest.isEmpty ? 0 : 1
            raw(block)
        }
        append(stored)
    }

    /// What the file reads as.
    package static func expanded(size: Int, pieces: [Piece]) -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: size)
        for piece in pieces {
            bytes.replaceSubrange(piece.offset..<(piece.offset + piece.bytes.count), with: piece.bytes)
        }
        return bytes
    }
}
