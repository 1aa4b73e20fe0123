/// FIRST's daily estimate of how likely a flaw is to be exploited. Source: first.org/epss/data_stats.
///
/// `#model_version:…,score_date:…`, then the header, then the rows. The first files have neither the comment nor `percentile`.
struct EPSSScores: Equatable {
    struct Row: Equatable {
        var cve: CVEIdentifier
        var score: Double
        var percentile: Double?
    }

    var model = ""
    var date: AdvisoryDate?
    var rows: [Row] = []
    /// Lines that are no row.
    var damaged = 0

    /// About 300,000 CVEs have a score today.
    private static let maximumRows = 5_000_000
    private static let newline = UInt8(ascii: "\n")
    private static let comma = UInt8(ascii: ",")

    /// Whether `bytes` begin as such a file does.
    static func isRecognized(_ bytes: [UInt8]) -> Bool {
        let start = bytes.prefix(512)
        return start.starts(with: "#model_version:".utf8) || columns(of: start.prefix { $0 != newline }) != nil
    }

    /// Reads `bytes`; nil when there is no header.
    static func read(_ bytes: [UInt8]) -> EPSSScores? {
        var scores = EPSSScores()
        var columns: Columns?
        for line in bytes.split(separator: newline) {
            let line = line.trimmed
            if line.first == UInt8(ascii: "#") {
                scores.readComment(line)
            } else if let columns {
                guard let row = row(line, columns), scores.rows.count < maximumRows else {
                    scores.damaged += 1
                    continue
                }
                scores.rows.append(row)
            } else {
                columns = EPSSScores.columns(of: line)
                if columns == nil { return nil }
            }
        }
        return columns == nil ? nil : scores
    }

    private struct Columns {
        let cve: Int
        let score: Int
        let percentile: Int?
    }

    private static func columns(of line: ArraySlice<UInt8>) -> Columns? {
        let names = line.trimmed.split(separator: comma)
        guard let cve = names.firstIndex(where: { $0.equals("cve") }),
            let score = names.firstIndex(where: { $0.equals("epss") })
        else {
            return nil
        }
        return Columns(cve: cve, score: score, percentile: names.firstIndex { $0.equals("percentile") })
    }

    private mutating func readComment(_ line: ArraySlice<UInt8>) {
        for field in line.dropFirst().split(separator: EPSSScores.comma) {
            guard let colon = field.firstIndex(of: UInt8(ascii: ":")) else { continue }
            let value = String(decoding: field[(colon + 1)...].prefix(64), as: UTF8.self)
            if field[..<colon].equals("model_version") { model = value }
            if field[..<colon].equals("score_date") { date = AdvisoryDate(value) }
        }
    }

    private static func row(_ line: ArraySlice<UInt8>, _ columns: Columns) -> Row? {
        guard line.count <= 256 else { return nil }
        let fields = line.split(separator: comma, omittingEmptySubsequences: false)
        guard columns.cve < fields.count, columns.score < fields.count,
            let cve = CVEIdentifier(String(decoding: fields[columns.cve], as: UTF8.self)),
            let score = probability(fields[columns.score])
        else {
            return nil
        }
        let percentile = columns.percentile.flatMap { $0 < fields.count ? probability(fields[$0]) : nil }
        return Row(cve: cve, score: score, percentile: percentile)
    }

    private static func probability(_ field: ArraySlice<UInt8>) -> Double? {
        guard let value = Double(String(decoding: field, as: UTF8.self)), (0...1).contains(value) else { return nil }
        return value
    }
}
