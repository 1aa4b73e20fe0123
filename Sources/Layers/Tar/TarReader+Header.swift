extension TarReader {
    /// Places in a header block. Source: POSIX pax, "ustar Interchange Format"; GNU tar, `tar.h`.
    private enum Field {
        static let name = 0..<100
        static let mode = 100..<108
        static let size = 124..<136
        static let checksum = 148..<156
        static let type = 156
        static let linkName = 157..<257
        static let magic = 257..<265
        static let prefix = 345..<500
        static let starPrefix = 345..<476
        static let starTrailer = 508..<512
        static let sparsePieces = 386..<482
        static let sparseIsExtended = 482
        static let sparseSize = 483..<495
    }

    /// Reads a header block. Nil when the next block decides.
    mutating func readHeader(_ block: UnsafeRawBufferPointer) -> Event? {
        let sum = Self.sum(of: block)
        if sum == 0 { return readZeroBlock() }
        guard !isAfterZeroBlock else { return fail(.damagedArchive("something follows a block of zeros")) }
        guard isChecksumRight(block, sum: sum) else { return fail(.damagedArchive("a header's checksum is wrong")) }
        guard var size = TarNumber.parse(Self.field(block, Field.size)) else {
            return fail(.damagedArchive("a header's size is no number"))
        }
        let type = block[Field.type]
        if "xgLK".utf8.contains(type) { return beginMetadata(type, size: size) }
        size = records.sizeInBytes ?? size
        readNames(block, type: type)
        entry.kind = Self.kind(of: type, isNamedDirectory: name.last == UInt8(ascii: "/"))
        entry.mode = UInt32(truncatingIfNeeded: TarNumber.parse(Self.field(block, Field.mode)) ?? 0) & 0o7777
        // What is a header only has no content, whatever its size says, but for types that nobody knows.
        let isHeaderOnly = type >= UInt8(ascii: "1") && type <= UInt8(ascii: "6") || entry.kind == .directory
        entry.sizeInBytes = isHeaderOnly ? 0 : size
        entry.isSparse = false
        begin(stored: entry.sizeInBytes)
        if entry.kind == .file {
            if type == UInt8(ascii: "S") { return beginOldSparse(block) }
            if let event = beginPAXSparse() { return event }
        }
        return finishHeader()
    }

    /// The content of an entry, or of an extended header, begins.
    private mutating func begin(stored: Int64) {
        remaining = stored
        padding = Int((512 - stored & 511) & 511)
        isSkipping = false
        state = .content
    }

    /// The header is complete: hands the entry out, and what extended headers said is used up.
    mutating func finishHeader() -> Event {
        records = PAXRecords()
        gnuName = nil
        gnuLinkName = nil
        sawExtendedHeader = false
        guard name.count <= limits.pathLengthInBytes, linkName.count <= limits.pathLengthInBytes else {
            return fail(.limit(.pathLength))
        }
        return .entry
    }

    // MARK: Extended headers

    private mutating func beginMetadata(_ type: UInt8, size: Int64) -> Event? {
        let isName = type == UInt8(ascii: "L") || type == UInt8(ascii: "K")
        // A name ends with a zero byte.
        let limit = isName ? limits.pathLengthInBytes + 1 : limits.paxHeaderBytes
        guard size <= limit else { return fail(.limit(isName ? .pathLength : .paxHeader)) }
        begin(stored: size)
        metadata.removeAll(keepingCapacity: true)
        metadataType = type
        sawExtendedHeader = true
        state = .metadata
        return nil
    }

    /// False when more of it must come.
    mutating func collectMetadata(_ input: inout UnsafeRawBufferPointer) -> Bool {
        if remaining > 0 { metadata.append(contentsOf: takeContent(&input, atMost: remaining)) }
        return remaining == 0
    }

    mutating func readMetadata() -> LayerIncompleteness? {
        state = .padding
        switch metadataType {
        case UInt8(ascii: "L"): gnuName = Array(metadata.prefix { $0 != 0 })
        case UInt8(ascii: "K"): gnuLinkName = Array(metadata.prefix { $0 != 0 })
        case UInt8(ascii: "g"):
            // Checked and not applied: Go's reader leaves that to its caller, and no container engine does it.
            var global = PAXRecords()
            guard metadata.withUnsafeBytes({ global.read($0) }) else { return .damagedArchive("a PAX header") }
        default:
            records = PAXRecords()
            guard metadata.withUnsafeBytes({ records.read($0) }) else { return .damagedArchive("a PAX header") }
        }
        return nil
    }

    // MARK: Fields

    private mutating func readNames(_ block: UnsafeRawBufferPointer, type: UInt8) {
        name.removeAll(keepingCapacity: true)
        linkName.removeAll(keepingCapacity: true)
        if let given = gnuName ?? records.path {
            name.append(contentsOf: given)
        } else {
            if let prefix = Self.prefix(of: block), let first = prefix.first, first != 0 {
                name.append(contentsOf: Self.text(prefix))
                name.append(UInt8(ascii: "/"))
            }
            name.append(contentsOf: Self.text(Self.field(block, Field.name)))
        }
        guard type == UInt8(ascii: "1") || type == UInt8(ascii: "2") else { return }
        if let given = gnuLinkName ?? records.linkPath {
            linkName.append(contentsOf: given)
        } else {
            linkName.append(contentsOf: Self.text(Self.field(block, Field.linkName)))
        }
    }

    /// Of ustar and star only: GNU has times in this place.
    private static func prefix(of block: UnsafeRawBufferPointer) -> UnsafeRawBufferPointer? {
        guard field(block, Field.magic).starts(with: "ustar\0".utf8) else { return nil }
        let isStar = field(block, Field.starTrailer).elementsEqual("tar\0".utf8)
        return field(block, isStar ? Field.starPrefix : Field.prefix)
    }

    private static func kind(of type: UInt8, isNamedDirectory: Bool) -> TarEntry.Kind {
        switch type {
        // Before POSIX, a slash at the end was all that told a directory.
        case 0: isNamedDirectory ? .directory : .file
        case UInt8(ascii: "0"), UInt8(ascii: "7"), UInt8(ascii: "S"): .file
        case UInt8(ascii: "1"): .hardLink
        case UInt8(ascii: "2"): .symbolicLink
        case UInt8(ascii: "5"): .directory
        default: .other
        }
    }

    private static func field(_ block: UnsafeRawBufferPointer, _ range: Range<Int>) -> UnsafeRawBufferPointer {
        UnsafeRawBufferPointer(rebasing: block[range])
    }

    private static func text(_ field: UnsafeRawBufferPointer) -> UnsafeRawBufferPointer {
        UnsafeRawBufferPointer(rebasing: field[..<(field.firstIndex(of: 0) ?? field.count)])
    }

    private static func sum(of block: UnsafeRawBufferPointer) -> UInt32 {
        var sum: UInt32 = 0
        for byte in block { sum &+= UInt32(byte) }
        return sum
    }

    /// The checksum counts its own field as blanks. Writers before POSIX summed signed bytes.
    private func isChecksumRight(_ block: UnsafeRawBufferPointer, sum: UInt32) -> Bool {
        let field = Self.field(block, Field.checksum)
        guard let given = TarNumber.parse(field) else { return false }
        let blanks: UInt32 = 8 * 0x20
        if given == Int64(sum &- Self.sum(of: field) &+ blanks) { return true }
        var signed: Int64 = 0
        for (index, byte) in block.enumerated() {
            signed += Field.checksum.contains(index) ? 0x20 : Int64(Int8(bitPattern: byte))
        }
        return given == signed
    }

    // MARK: Old GNU sparse files

    private mutating func beginOldSparse(_ block: UnsafeRawBufferPointer) -> Event? {
        entry.isSparse = true
        sparse = SparseMap(limit: limits.sparsePieces)
        guard let size = TarNumber.parse(Self.field(block, Field.sparseSize)) else {
            return fail(.damagedArchive("a sparse file's size is no number"))
        }
        entry.sizeInBytes = size
        readOldPieces(Self.field(block, Field.sparsePieces))
        if block[Field.sparseIsExtended] != 0 {
            state = .sparseExtension
            return nil
        }
        return beginSparseContent()
    }
}
