import Layers

/// The pages of an SQLite file, as far as tables are concerned. Source: sqlite.org/fileformat2.html.
struct SQLitePages {
    /// What a page of a b-tree begins with.
    enum Kind: UInt8 {
        case indexInterior = 2
        case tableInterior = 5
        case indexLeaf = 10
        case tableLeaf = 13
    }

    /// A row of a table.
    struct Cell {
        /// Length of the whole row.
        let payloadInBytes: Int
        /// Its first part, which stands in the page.
        let local: ByteView
        /// The page where the rest begins; 0 when there is none.
        let firstOverflow: Int
    }

    static let headInBytes = 100

    let pageInBytes: Int
    /// Without what extensions reserve at the end of each page.
    let usableInBytes: Int
    /// How many there must be; nil when the file does not say.
    let count: Int?

    /// From the first ``headInBytes`` bytes of a file; nil when they are those of no such file.
    init?(_ head: ByteView) {
        guard head.hasPrefix("SQLite format 3\0"), let stated = head.big(UInt16.self, at: 16), let reserved = head[20],
            // Texts are compared, and other encodings than UTF-8 are nobody's.
            let encoding = head.big(UInt32.self, at: 56), encoding <= 1
        else { return nil }
        let size = stated == 1 ? 65536 : Int(stated)
        guard size >= 512, size & (size - 1) == 0, size - Int(reserved) >= 480 else { return nil }
        pageInBytes = size
        usableInBytes = size - Int(reserved)
        // Source: 1.3.8: it holds only when whoever wrote last knew of it.
        let isValid = head.big(UInt32.self, at: 24) == head.big(UInt32.self, at: 92)
        count = isValid ? head.big(UInt32.self, at: 28).flatMap { $0 == 0 ? nil : Int($0) } : nil
    }

    /// The page `number`, counted from 1; nil when it is not there.
    func page(_ number: Int, of file: ByteView) -> ByteView? {
        let (offset, overflow) = (number &- 1).multipliedReportingOverflow(by: pageInBytes)
        return number > 0 && !overflow ? file.slice(from: offset, count: pageInBytes) : nil
    }

    /// What `page` is; nil when it is of no b-tree.
    func kind(of page: ByteView, number: Int) -> Kind? {
        page[SQLitePages.headerPlace(number)].flatMap(Kind.init(rawValue:))
    }

    /// How many cells `page` has.
    func cells(of page: ByteView, number: Int) -> Int {
        Int(page.big(UInt16.self, at: SQLitePages.headerPlace(number) + 3) ?? 0)
    }

    /// A row of a leaf of a table; nil when it is not where the page says.
    func cell(_ index: Int, of page: ByteView, number: Int) -> Cell? {
        let pointers = SQLitePages.headerPlace(number) + 8
        guard let start = page.big(UInt16.self, at: pointers + 2 * index).map(Int.init),
            let (size, afterSize) = SQLitePages.varint(page, start),
            let (_, place) = SQLitePages.varint(page, afterSize),
            let payload = Int(exactly: size), payload <= CatalogLimits.rpmDatabaseInBytes
        else { return nil }
        let most = usableInBytes - 35
        guard payload > most else {
            return page.slice(from: place, count: payload).map {
                Cell(payloadInBytes: payload, local: $0, firstOverflow: 0)
            }
        }
        let least = (usableInBytes - 12) * 32 / 255 - 23
        let fitting = least + (payload - least) % (usableInBytes - 4)
        let length = fitting <= most ? fitting : least
        guard let local = page.slice(from: place, count: length), let next = page.big(UInt32.self, at: place + length),
            next > 0
        else { return nil }
        return Cell(payloadInBytes: payload, local: local, firstOverflow: Int(next))
    }

    /// The pages below an interior page of a table, from left to right.
    func children(of page: ByteView, number: Int) -> [Int] {
        let header = SQLitePages.headerPlace(number)
        var children: [Int] = []
        for index in 0..<cells(of: page, number: number) {
            guard let place = page.big(UInt16.self, at: header + 12 + 2 * index),
                let child = page.big(UInt32.self, at: Int(place))
            else { break }
            children.append(Int(child))
        }
        if let last = page.big(UInt32.self, at: header + 8) { children.append(Int(last)) }
        return children
    }

    /// How many pages the part of `cell` takes that is not in its own.
    func overflowPages(of cell: Cell) -> Int {
        let part = usableInBytes - 4
        return (cell.payloadInBytes - cell.local.count + part - 1) / part
    }

    /// The whole row of `cell`; nil when the chain of its pages breaks off.
    func payload(of cell: Cell, in file: ByteView) -> [UInt8]? {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(cell.payloadInBytes)
        bytes.append(contentsOf: cell.local.bytes)
        var next = cell.firstOverflow
        while bytes.count < cell.payloadInBytes {
            guard let page = page(next, of: file), let link = page.big(UInt32.self, at: 0),
                let part = page.slice(from: 4, count: min(usableInBytes - 4, cell.payloadInBytes - bytes.count))
            else { return nil }
            bytes.append(contentsOf: part.bytes)
            next = Int(link)
        }
        return next == 0 ? bytes : nil
    }

    /// The file's own header stands in front of the first page's.
    private static func headerPlace(_ number: Int) -> Int { number == 1 ? headInBytes : 0 }

    /// A number of one to nine bytes at `offset`, and where it ends.
    static func varint(_ view: ByteView, _ offset: Int) -> (value: UInt64, end: Int)? {
        var value: UInt64 = 0
        for place in 0..<8 {
            guard let byte = view[offset + place] else { return nil }
            value = value << 7 | UInt64(byte & 0x7F)
            if byte < 0x80 { return (value, offset + place + 1) }
        }
        return view[offset + 8].map { (value << 8 | UInt64($0), offset + 9) }
    }
}
