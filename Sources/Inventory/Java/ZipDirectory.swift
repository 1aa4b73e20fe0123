import Layers

/// The central directory of a zip archive. Source: PKWARE APPNOTE 6.3.9, sections 4.3.12 to 4.3.16.
struct ZipDirectory {
    /// One file of it.
    struct Entry {
        let name: ByteView
        let method: UInt16
        let isEncrypted: Bool
        let checkSum: UInt32
        let compressedSize: Int
        let size: Int
        let headerOffset: Int
    }

    private static let endSignature: UInt32 = 0x0605_4b50
    private static let end64Signature: UInt32 = 0x0606_4b50
    private static let locator64Signature: UInt32 = 0x0706_4b50
    static let entrySignature: UInt32 = 0x0201_4b50
    static let headerSignature: UInt32 = 0x0403_4b50

    private let archive: ByteView
    private let directory: ByteView
    /// What stands in front of the archive: a script that starts it. Stated offsets may not count it.
    private let lead: Int

    /// Finds the directory of `archive`.
    init(_ archive: ByteView) throws(UnreadableFile) {
        guard let end = ZipDirectory.end(of: archive) else { throw UnreadableFile("no zip archive, or cut off") }
        var size = archive.little(UInt32.self, at: end + 12).map(Int.init) ?? 0
        var stated = archive.little(UInt32.self, at: end + 16).map(Int.init) ?? 0
        var directoryEnd = end
        if archive.little(UInt32.self, at: end - 20) == ZipDirectory.locator64Signature,
            let (end64, size64, offset64) = ZipDirectory.end64(of: archive, locator: end - 20)
        {
            size = size64
            stated = offset64
            directoryEnd = end64
        }
        let start = directoryEnd - size
        guard let directory = archive.slice(from: start, count: size), start >= stated else {
            throw UnreadableFile("the archive's directory is not where it says")
        }
        self.archive = archive
        self.directory = directory
        lead = start - stated
    }

    /// Calls `body` for each entry, in the order of the directory.
    func forEach(_ body: (Entry) throws(UnreadableFile) -> Void) throws(UnreadableFile) {
        var offset = 0
        while offset < directory.count {
            guard directory.little(UInt32.self, at: offset) == ZipDirectory.entrySignature,
                let fixed = directory.slice(from: offset, count: 46)
            else { throw UnreadableFile("the archive's directory is damaged") }
            func field(_ place: Int) -> Int { Int(fixed.little(UInt16.self, at: place) ?? 0) }
            guard let name = directory.slice(from: offset + 46, count: field(28)),
                let extra = directory.slice(from: offset + 46 + field(28), count: field(30))
            else { throw UnreadableFile("the archive's directory is damaged") }
            guard let entry = entry(fixed, name: name, extra: extra) else {
                throw UnreadableFile("the archive's directory is damaged")
            }
            try body(entry)
            offset += 46 + field(28) + field(30) + field(32)
        }
    }

    /// The bytes from the header in front of `entry` on; nil when it would be outside of the archive.
    func header(of entry: Entry) -> ByteView? {
        let (place, overflow) = entry.headerOffset.addingReportingOverflow(lead)
        guard !overflow, place >= 0, place < archive.count else { return nil }
        return archive.dropping(place)
    }

    /// The stored bytes of `entry`; nil when they are not where the directory says.
    func stored(_ entry: Entry) -> ByteView? {
        guard let header = header(of: entry), header.little(UInt32.self, at: 0) == ZipDirectory.headerSignature,
            let name = header.little(UInt16.self, at: 26), let extra = header.little(UInt16.self, at: 28)
        else { return nil }
        return header.slice(from: 30 + Int(name) + Int(extra), count: entry.compressedSize)
    }

    /// Nil when a size or a place is larger than any file: 2^63 bytes.
    private func entry(_ fixed: ByteView, name: ByteView, extra: ByteView) -> Entry? {
        func wide(_ place: Int) -> UInt64 { UInt64(fixed.little(UInt32.self, at: place) ?? 0) }
        var sizes = (compressed: wide(20), expanded: wide(24), offset: wide(42))
        ZipDirectory.widen(&sizes, by: extra)
        guard let compressed = Int(exactly: sizes.compressed), let size = Int(exactly: sizes.expanded),
            let offset = Int(exactly: sizes.offset)
        else { return nil }
        return Entry(
            name: name,
            method: fixed.little(UInt16.self, at: 10) ?? 0,
            isEncrypted: (fixed.little(UInt16.self, at: 8) ?? 0) & 1 != 0,
            checkSum: fixed.little(UInt32.self, at: 16) ?? 0,
            compressedSize: compressed,
            size: size,
            headerOffset: offset
        )
    }

    /// The zip64 field holds, in this order, those numbers that did not fit.
    private static func widen(_ sizes: inout (compressed: UInt64, expanded: UInt64, offset: UInt64), by extra: ByteView)
    {
        var offset = 0
        while let id = extra.little(UInt16.self, at: offset), let length = extra.little(UInt16.self, at: offset + 2) {
            guard id == 1, let field = extra.slice(from: offset + 4, count: Int(length)) else {
                offset += 4 + Int(length)
                continue
            }
            var place = 0
            func next(_ current: UInt64) -> UInt64 {
                guard current == UInt64(UInt32.max), let value = field.little(UInt64.self, at: place) else {
                    return current
                }
                place += 8
                return value
            }
            sizes.expanded = next(sizes.expanded)
            sizes.compressed = next(sizes.compressed)
            sizes.offset = next(sizes.offset)
            return
        }
    }

    /// The end record: 22 bytes, and a comment of at most 64 KiB behind it.
    private static func end(of archive: ByteView) -> Int? {
        var place = archive.count - 22
        let lowest = max(0, place - Int(UInt16.max))
        while place >= lowest {
            if archive[place] == 0x50, archive.little(UInt32.self, at: place) == endSignature { return place }
            place -= 1
        }
        return nil
    }

    private static func end64(of archive: ByteView, locator: Int) -> (end: Int, size: Int, offset: Int)? {
        // With a script in front the stated place is too low; without one the record stands 56 bytes before its locator.
        let stated = archive.little(UInt64.self, at: locator + 8).flatMap(Int.init(exactly:))
        for place in [stated, locator - 56].compactMap({ $0 })
        where archive.little(UInt32.self, at: place) == end64Signature {
            guard let size = archive.little(UInt64.self, at: place + 40).flatMap(Int.init(exactly:)),
                let offset = archive.little(UInt64.self, at: place + 48).flatMap(Int.init(exactly:))
            else { return nil }
            return (place, size, offset)
        }
        return nil
    }
}
