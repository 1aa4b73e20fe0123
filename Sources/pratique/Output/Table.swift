/// Rows of text under a header, or fields with their names, aligned in columns.
struct Table: Equatable {
    private let header: [String]?
    private let rows: [[String]]

    init(header: [String], rows: [[String]]) {
        self.header = header
        self.rows = rows
    }

    /// One field a line. A field without a value is left out.
    init(fields: [(name: String, value: String?)]) {
        header = nil
        rows = fields.compactMap { field in field.value.map { [field.name, $0] } }
    }

    /// The lines, each ended by a newline. `styled` makes the header, or the names of the fields, bold.
    ///
    /// Cells are stripped of everything that a terminal could obey, so that callers can pass what a server sent.
    func rendered(styled: Bool) -> String {
        let body = rows.map { row in row.map { Self.cell($0) } }
        let lines = (header.map { [$0] } ?? []) + body
        let columnCount = lines.map(\.count).max() ?? 0
        let widths = (0..<columnCount).map { column in
            lines.map { column < $0.count ? $0[column].count : 0 }.max() ?? 0
        }
        var text = ""
        for (index, line) in lines.enumerated() {
            let isHeader = header != nil && index == 0
            var cells: [String] = []
            for (column, cell) in line.enumerated() {
                let isLast = column == line.count - 1
                let padding = isLast ? "" : String(repeating: " ", count: max(0, widths[column] - cell.count))
                let isBold = styled && (isHeader || (header == nil && column == 0))
                cells.append((isBold ? "\u{1B}[1m\(cell)\u{1B}[0m" : cell) + padding)
            }
            text += cells.joined(separator: "  ") + "\n"
        }
        return text
    }

    /// An empty cell would make the columns after it hard to tell apart, and break `awk`.
    private static func cell(_ raw: String) -> String {
        let text = PrintableText.strip(raw)
        return text.isEmpty ? "-" : text
    }
}
