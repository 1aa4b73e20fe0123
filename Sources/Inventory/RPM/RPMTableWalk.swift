import Layers

/// Walks the tables of an SQLite file.
struct RPMTableWalk {
    let pages: SQLitePages
    let file: ByteView
    /// Each page is in one table once, in an honest file.
    private var left: Int
    /// Rows: honest ones take more than that many bytes.
    private var rows: Int

    private static let rowInBytes = 16
    /// A b-tree of a thousand million rows has fewer levels.
    private static let depthLimit = 12

    init(pages: SQLitePages, file: ByteView) {
        self.pages = pages
        self.file = file
        left = 2 * (file.count / pages.pageInBytes) + 2
        rows = 2 * (file.count / RPMTableWalk.rowInBytes)
    }

    /// Where the table called `name` begins; nil when there is none. Views are none.
    mutating func root(of name: StaticString) throws(UnreadableFile) -> Int? {
        var root: Int?
        try forEachCell(of: 1) { cell throws(UnreadableFile) in
            // Type, name, the table's name, first page, SQL.
            guard let record = SQLiteRecord(cell.local), record.values.count == 5,
                record.bytes(record.values[0], of: cell.local)?.equals("table") ?? false,
                record.bytes(record.values[1], of: cell.local)?.equals(name) ?? false
            else { return }
            root = record.number(record.values[3], of: cell.local)
        }
        return root
    }

    /// Calls `body` with each row below the page `number`, in the order of their numbers.
    mutating func forEachCell(
        of number: Int,
        depth: Int = 0,
        _ body: (SQLitePages.Cell) throws(UnreadableFile) -> Void
    ) throws(UnreadableFile) {
        left -= 1
        guard left >= 0, depth < RPMTableWalk.depthLimit, let page = pages.page(number, of: file) else { throw damaged }
        switch pages.kind(of: page, number: number) {
        case .tableInterior:
            for child in pages.children(of: page, number: number) {
                try forEachCell(of: child, depth: depth + 1, body)
            }
        case .tableLeaf:
            for index in 0..<pages.cells(of: page, number: number) {
                rows -= 1
                guard rows >= 0, let cell = pages.cell(index, of: page, number: number) else { throw damaged }
                try body(cell)
            }
        default: throw damaged
        }
    }

    private var damaged: UnreadableFile { UnreadableFile("rpm's database has a damaged page") }
}
