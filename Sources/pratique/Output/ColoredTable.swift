/// A table whose cells may have a colour; empty cells stay empty, so that groups can be seen.
struct ColoredTable {
    struct Cell {
        let text: String
        /// The number of an ANSI colour.
        let color: Int?

        /// The text is stripped of everything that a terminal could obey.
        init(_ text: String, color: Int? = nil) {
            self.text = PrintableText.strip(text)
            self.color = color
        }
    }

    private let header: [String]
    private let rows: [[Cell]]

    init(header: [String], rows: [[Cell]]) {
        self.header = header
        self.rows = rows
    }

    func text(_ isStyled: Bool) -> String {
        let widths = header.indices.map { column in
            rows.reduce(header[column].count) { max($0, column < $1.count ? $1[column].text.count : 0) }
        }
        var text = line(header.map { Cell($0) }, widths, isStyled: isStyled, style: "1")
        for row in rows { text += line(row, widths, isStyled: isStyled, style: nil) }
        return text
    }

    private func line(_ cells: [Cell], _ widths: [Int], isStyled: Bool, style: String?) -> String {
        var line = ""
        for (column, cell) in cells.enumerated() {
            let isLast = column == cells.count - 1
            let padding = isLast ? "" : String(repeating: " ", count: widths[column] - cell.text.count + 2)
            let code = isStyled ? style ?? cell.color.map(String.init) : nil
            line += (code.map { "\u{1B}[\($0)m\(cell.text)\u{1B}[0m" } ?? cell.text) + padding
        }
        while line.last == " " { line.removeLast() }
        return line + "\n"
    }
}
