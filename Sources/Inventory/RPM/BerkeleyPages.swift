import Layers

/// The pages of a Berkeley DB hash file, in which rpm kept its packages until 2020.
///
/// Source: Berkeley DB 5.3, src/dbinc/db_page.h. Keys and buckets do not matter.
struct BerkeleyPages {
    enum Kind: UInt8 {
        case unsortedHash = 2
        case overflow = 7
        case hash = 13
    }

    /// A value of a page of the hash.
    enum Item {
        case inPage(ByteView)
        /// In a chain of pages.
        case chain(first: Int, length: Int)
    }

    /// A page of a chain.
    struct Overflow {
        let previous: Int
        let next: Int
        let content: ByteView
    }

    private static let magic: UInt32 = 0x0006_1561
    private static let pageHeaderInBytes = 26

    let pageInBytes: Int
    private let isBigEndian: Bool

    /// Nil when `head` is not how such a file begins.
    init?(_ head: ByteView) {
        if head.little(UInt32.self, at: 12) == BerkeleyPages.magic {
            isBigEndian = false
        } else if head.big(UInt32.self, at: 12) == BerkeleyPages.magic {
            isBigEndian = true
        } else {
            return nil
        }
        let size = isBigEndian ? head.big(UInt32.self, at: 20) : head.little(UInt32.self, at: 20)
        guard let size, size >= 512, size <= 65536, size & (size - 1) == 0 else { return nil }
        pageInBytes = Int(size)
    }

    /// The number of the last page, as the file states it.
    func last(of file: ByteView) -> Int? { long(file, 32).map(Int.init) }

    /// The page `number`; nil when it is not there. The first is about the file.
    func page(_ number: Int, of file: ByteView) -> ByteView? {
        let (offset, overflow) = number.multipliedReportingOverflow(by: pageInBytes)
        return number > 0 && !overflow ? file.slice(from: offset, count: pageInBytes) : nil
    }

    /// What `page` is; nil when it is none of these.
    func kind(of page: ByteView) -> Kind? { page[25].flatMap(Kind.init(rawValue:)) }

    /// `page` as one of a chain; nil when it is damaged.
    func overflow(_ page: ByteView) -> Overflow? {
        guard kind(of: page) == .overflow, let previous = long(page, 12), let next = long(page, 16),
            let used = short(page, 22), used > 0,
            let content = page.slice(from: BerkeleyPages.pageHeaderInBytes, count: Int(used))
        else { return nil }
        return Overflow(previous: Int(previous), next: Int(next), content: content)
    }

    /// Calls `body` with each value of a page of the hash. Keys and values take turns.
    func forEachValue(
        of page: ByteView,
        _ body: (Item) throws(UnreadableFile) -> Void
    ) throws(UnreadableFile) {
        for item in stride(from: 1, to: Int(short(page, 20) ?? 0), by: 2) {
            guard let start = place(item, of: page), let end = place(item - 1, of: page), start < end,
                let bytes = page.slice(from: start, count: end - start)
            else { throw damaged }
            switch bytes[0] {
            case 1: try body(.inPage(bytes.dropping(1)))
            case 3:
                guard let first = long(bytes, 4), let length = long(bytes, 8) else { throw damaged }
                try body(.chain(first: Int(first), length: Int(length)))
            default: break
            }
        }
    }

    private var damaged: UnreadableFile { UnreadableFile("rpm's database has a damaged page") }

    /// Where an item begins. They fill the page from its end.
    private func place(_ item: Int, of page: ByteView) -> Int? {
        item < 0 ? pageInBytes : short(page, BerkeleyPages.pageHeaderInBytes + 2 * item).map(Int.init)
    }

    private func short(_ view: ByteView, _ offset: Int) -> UInt16? {
        isBigEndian ? view.big(UInt16.self, at: offset) : view.little(UInt16.self, at: offset)
    }

    private func long(_ view: ByteView, _ offset: Int) -> UInt32? {
        isBigEndian ? view.big(UInt32.self, at: offset) : view.little(UInt32.self, at: offset)
    }
}
