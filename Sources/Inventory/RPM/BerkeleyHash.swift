import Layers

/// The values of a Berkeley DB hash file, in which rpm kept its packages until 2020.
///
/// Source: Berkeley DB 5.3, src/dbinc/db_page.h. All pages are walked; keys and buckets do not matter.
struct BerkeleyHash {
    private static let magic: UInt32 = 0x0006_1561
    private static let pageHeaderInBytes = 26

    private enum PageType: UInt8 {
        case unsortedHash = 2
        case overflow = 7
        case hash = 13
    }

    private enum ItemType: UInt8 {
        case data = 1
        case offPage = 3
    }

    private let file: ByteView
    private let pageSize: Int
    private let isBigEndian: Bool

    /// Nil when `file` does not begin as such a file.
    init?(_ file: ByteView) {
        if file.little(UInt32.self, at: 12) == BerkeleyHash.magic {
            isBigEndian = false
        } else if file.big(UInt32.self, at: 12) == BerkeleyHash.magic {
            isBigEndian = true
        } else {
            return nil
        }
        self.file = file
        let size = isBigEndian ? file.big(UInt32.self, at: 20) : file.little(UInt32.self, at: 20)
        guard let size, size >= 512, size <= 65536, size & (size - 1) == 0 else { return nil }
        pageSize = Int(size)
    }

    /// Calls `body` with each value that could be a package.
    func forEachValue(_ body: (ByteView) throws(UnreadableFile) -> Void) throws(UnreadableFile) {
        guard let last = long(file, 32) else { throw UnreadableFile("rpm's database is cut off") }
        guard (Int(last) + 1) * pageSize <= file.count else { throw UnreadableFile("rpm's database is cut off") }
        // Items may share overflow pages in a hostile file only: then its size would be read over and over.
        var budget = file.count
        for number in 1..<max(2, Int(last) + 1) {
            guard let page = page(number), let type = page[25].flatMap(PageType.init(rawValue:)),
                type == .hash || type == .unsortedHash, let count = short(page, 20)
            else { continue }
            // Keys and values take turns.
            for item in stride(from: 1, to: Int(count), by: 2) {
                guard let value = try value(item, of: page, budget: &budget) else { continue }
                try value.withView { view throws(UnreadableFile) in
                    // Beside the packages stands the count of them, in four bytes.
                    if view.count > 16 { try body(view) }
                }
            }
        }
    }

    private func value(_ item: Int, of page: ByteView, budget: inout Int) throws(UnreadableFile) -> [UInt8]? {
        let damaged = UnreadableFile("rpm's database has a damaged page")
        guard let start = place(item, of: page), let end = place(item - 1, of: page), start < end,
            let bytes = page.slice(from: start, count: end - start)
        else { throw damaged }
        switch bytes[0].flatMap(ItemType.init(rawValue:)) {
        case .data:
            budget -= bytes.count
            guard budget >= 0 else { throw damaged }
            return Array(bytes.dropping(1).bytes)
        case .offPage:
            guard let first = long(bytes, 4), let length = long(bytes, 8) else { throw damaged }
            return try overflow(from: Int(first), length: Int(length), budget: &budget)
        case nil: return nil
        }
    }

    /// A value that is longer than a page, from the chain of its pages.
    private func overflow(from first: Int, length: Int, budget: inout Int) throws(UnreadableFile) -> [UInt8] {
        budget -= length
        guard budget >= 0 else { throw UnreadableFile("rpm's database tells the same packages again and again") }
        var bytes: [UInt8] = []
        bytes.reserveCapacity(length)
        var next = first
        while bytes.count < length {
            guard let page = page(next), page[25] == PageType.overflow.rawValue, let used = short(page, 22), used > 0,
                let part = page.slice(from: BerkeleyHash.pageHeaderInBytes, count: Int(used))
            else { throw UnreadableFile("rpm's database has a chain of pages that breaks off") }
            bytes.append(contentsOf: part.prefix(length - bytes.count).bytes)
            next = long(page, 16).map(Int.init) ?? 0
        }
        return bytes
    }

    private func page(_ number: Int) -> ByteView? {
        let (offset, overflow) = number.multipliedReportingOverflow(by: pageSize)
        return number > 0 && !overflow ? file.slice(from: offset, count: pageSize) : nil
    }

    /// Where an item begins. They fill the page from its end.
    private func place(_ item: Int, of page: ByteView) -> Int? {
        item < 0 ? pageSize : short(page, BerkeleyHash.pageHeaderInBytes + 2 * item).map(Int.init)
    }

    private func short(_ view: ByteView, _ offset: Int) -> UInt16? {
        isBigEndian ? view.big(UInt16.self, at: offset) : view.little(UInt16.self, at: offset)
    }

    private func long(_ view: ByteView, _ offset: Int) -> UInt32? {
        isBigEndian ? view.big(UInt32.self, at: offset) : view.little(UInt32.self, at: offset)
    }
}
