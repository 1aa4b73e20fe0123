/// Reads what ``PackedWriter`` wrote. A blob that was damaged gives an error, never a trap.
struct PackedReader {
    private var rest: ArraySlice<UInt8>

    init(_ bytes: [UInt8]) { rest = bytes[...] }

    init(_ bytes: ArraySlice<UInt8>) { rest = bytes }

    private static let damage = AdvisoryError(
        .unusableDatabase,
        "the advisory database is damaged; import into a new one"
    )

    var isAtEnd: Bool { rest.isEmpty }

    mutating func byte() throws(AdvisoryError) -> UInt8 {
        guard let byte = rest.popFirst() else { throw PackedReader.damage }
        return byte
    }

    mutating func number() throws(AdvisoryError) -> Int {
        var value: UInt64 = 0
        var shift: UInt64 = 0
        while true {
            let byte = try self.byte()
            guard shift < 64 else { throw PackedReader.damage }
            value |= UInt64(byte & 0x7F) << shift
            if byte < 0x80 { return Int(Int64(bitPattern: value)) }
            shift += 7
        }
    }

    /// A number of items that follow, each of one byte at least.
    mutating func count() throws(AdvisoryError) -> Int {
        let count = try number()
        guard count >= 0, count <= rest.count else { throw PackedReader.damage }
        return count
    }

    mutating func text() throws(AdvisoryError) -> ArraySlice<UInt8> {
        let count = try count()
        let text = rest.prefix(count)
        rest = rest.dropFirst(count)
        return text
    }

    mutating func string() throws(AdvisoryError) -> String { String(decoding: try text(), as: UTF8.self) }

    mutating func strings() throws(AdvisoryError) -> [String] {
        var strings: [String] = []
        for _ in 0..<(try count()) { strings.append(try string()) }
        return strings
    }

    mutating func date() throws(AdvisoryError) -> AdvisoryDate? {
        try number() == 0 ? nil : AdvisoryDate(microseconds: Int64(try number()))
    }

    mutating func rating(source: String) throws(AdvisoryError) -> SeverityRating? {
        let index = try byte()
        guard index > 0 else { return nil }
        guard Int(index) <= Severity.allCases.count else { throw PackedReader.damage }
        let severity = Severity.allCases[Int(index) - 1]
        let version = try string()
        guard !version.isEmpty else { return SeverityRating(severity: severity, source: source) }
        guard let version = CVSS.Version(rawValue: version) else { throw PackedReader.damage }
        let score = Double(try number()) / 10
        let cvss = CVSS(version: version, vector: try string(), score: score)
        return SeverityRating(severity: severity, cvss: cvss, source: source)
    }
}
