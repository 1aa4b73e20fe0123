import Layers

/// `rpmdb.sqlite` as it streams past: a table `Packages` with a header in each row, and indexes that tell nothing.
///
/// A row's beginning stands in a leaf of the table, the rest in a chain of pages of its own, mostly behind it or just before. As soon as
/// all of them have come, the row is read and the chain given back. Whether the leaf belongs to the table, or is one that was
/// deleted and still looks like it, only the end tells; so a chain is given back only when what it says of itself is sound (an old
/// leaf's chain may be another's now), and what was read is kept by the chain, together with the part that stood in the leaf. The file is
/// hostile: no SQL is run, and none of the schema.
struct RPMSQLiteStream {
    /// Rows that begin in a leaf.
    private struct Chain {
        let cell: (place: Int, sizeInBytes: Int, localInBytes: Int)
        let first: Int
        var next: Int
        var left: Int
    }

    private struct Row {
        let sizeInBytes: Int
        let local: PathHash
        let header: RPMGathering.Header
    }

    private let pages: SQLitePages
    private var seen = 0
    private var idle = IdleStretch()
    private var waiting: [Int: [Chain]] = [:]
    private var rows: [Int: Row] = [:]
    /// Steps along chains: each page is in one, unless leaves are left over or the file is hostile.
    private var steps = 0

    private static let stepsForPage = 8
    /// Rows of a leaf that are looked at early: a row has 489 bytes in it at least when pages have 4 KiB.
    private static let rowsForLeaf = 256

    init(_ pages: SQLitePages) { self.pages = pages }

    // MARK: While it comes

    /// Looks at the pages that were written since.
    mutating func advance(_ bytes: ReservedBytes) {
        let view = bytes.view
        while (seen + 1) * pages.pageInBytes <= view.count {
            seen += 1
            steps += RPMSQLiteStream.stepsForPage
            guard let page = pages.page(seen, of: view) else { return }
            switch pages.kind(of: page, number: seen) {
            case .indexInterior, .indexLeaf: giveBack(seen, bytes)
            case .tableInterior: break
            case .tableLeaf: look(at: page, bytes)
            case nil:
                for chain in waiting.removeValue(forKey: seen) ?? [] { follow(chain, bytes) }
            }
        }
    }

    private mutating func look(at page: ByteView, _ bytes: ReservedBytes) {
        let count = pages.cells(of: page, number: seen)
        guard seen > 1, count > 0 else { return }
        for index in 0..<min(count, RPMSQLiteStream.rowsForLeaf) {
            guard let cell = pages.cell(index, of: page, number: seen), RPMSQLiteStream.blob(of: cell) != nil else {
                // A leaf of the tables that rpm looks names up in.
                if index == 0 { giveBack(seen, bytes) }
                return
            }
            guard cell.firstOverflow > 0, let base = bytes.view.bytes.baseAddress,
                let local = cell.local.bytes.baseAddress
            else { continue }
            let place = (local - base, cell.payloadInBytes, cell.local.count)
            let length = pages.overflowPages(of: cell)
            follow(Chain(cell: place, first: cell.firstOverflow, next: cell.firstOverflow, left: length), bytes)
        }
    }

    private mutating func follow(_ chain: Chain, _ bytes: ReservedBytes) {
        var chain = chain
        while chain.next <= seen {
            steps -= 1
            guard steps > 0, let page = pages.page(chain.next, of: bytes.view),
                let next = page.big(UInt32.self, at: 0)
            else { return }
            chain.left -= 1
            guard chain.left > 0 else {
                if next == 0 { read(chain, bytes) }
                return
            }
            // One that breaks off is an old leaf's.
            guard next > 0 else { return }
            chain.next = Int(next)
        }
        waiting[chain.next, default: []].append(chain)
    }

    private mutating func read(_ chain: Chain, _ bytes: ReservedBytes) {
        let view = bytes.view
        guard rows[chain.first] == nil, rows.count < CatalogLimits.packagesPerFile,
            let local = view.slice(from: chain.cell.place, count: chain.cell.localInBytes)
        else { return }
        let cell = SQLitePages.Cell(
            payloadInBytes: chain.cell.sizeInBytes,
            local: local,
            firstOverflow: chain.first
        )
        guard let payload = pages.payload(of: cell, in: view) else { return }
        let header = payload.withUnsafeBytes { whole -> RPMGathering.Header? in
            let row = ByteView(whole)
            guard let value = RPMSQLiteStream.blob(of: cell),
                let blob = row.slice(from: value.offset, count: value.sizeInBytes),
                RPMHeader.isSound(blob)
            else { return nil }
            return RPMGathering.read(blob)
        }
        guard case .success? = header, let header else { return }
        rows[chain.first] = Row(sizeInBytes: cell.payloadInBytes, local: PathHash(local), header: header)
        var next = chain.first
        while next > 0, let page = pages.page(next, of: view), let link = page.big(UInt32.self, at: 0) {
            // The link is read before it is gone.
            giveBack(next, bytes)
            next = Int(link)
        }
    }

    private mutating func giveBack(_ number: Int, _ bytes: ReservedBytes) {
        let start = (number - 1) * pages.pageInBytes
        idle.add(start..<(start + pages.pageInBytes), bytes)
    }

    /// Where the header is in a row of the table: a number that is the row's own, and the blob.
    private static func blob(of cell: SQLitePages.Cell) -> SQLiteRecord.Value? {
        guard let record = SQLiteRecord(cell.local), record.values.count == 2,
            record.values[0].isNull || record.values[0].isNumber, record.values[1].isBlob
        else { return nil }
        return record.values[1]
    }

    // MARK: At its end

    /// Gathers the rows of the table, in the order of their numbers.
    func finish(_ file: ByteView, _ gathering: inout RPMGathering) throws(UnreadableFile) {
        if let count = pages.count, count > file.count / pages.pageInBytes {
            throw UnreadableFile("rpm's database is cut off")
        }
        var walk = RPMTableWalk(pages: pages, file: file)
        guard let root = try walk.root(of: "Packages") else { throw UnreadableFile("rpm's database has no packages") }
        var rows = rows
        var budget = file.count
        try walk.forEachCell(of: root) { cell throws(UnreadableFile) in
            // Rows share pages in a hostile file only: then its size would be read over and over.
            budget -= cell.payloadInBytes
            guard budget >= 0 else { throw UnreadableFile("rpm's database tells the same packages again and again") }
            if let row = rows[cell.firstOverflow], row.sizeInBytes == cell.payloadInBytes,
                row.local == PathHash(cell.local)
            {
                rows[cell.firstOverflow] = nil
                return try gathering.add(row.header)
            }
            try gathering.add(header(of: cell, in: file))
        }
    }

    private func header(of cell: SQLitePages.Cell, in file: ByteView) -> RPMGathering.Header {
        guard let payload = pages.payload(of: cell, in: file) else {
            return .failure(UnreadableFile("rpm's database has a chain of pages that breaks off"))
        }
        return payload.withUnsafeBytes { whole in
            guard let value = RPMSQLiteStream.blob(of: cell),
                let blob = ByteView(whole).slice(from: value.offset, count: value.sizeInBytes)
            else { return .failure(UnreadableFile("rpm's database has a row that is none of a package")) }
            return RPMGathering.read(blob)
        }
    }
}
