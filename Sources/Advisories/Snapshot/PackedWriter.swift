/// Writes numbers and texts one behind the other, as a snapshot's blobs hold them: numbers in groups of seven bits, texts behind their
/// length.
struct PackedWriter {
    private(set) var bytes: [UInt8] = []

    mutating func append(byte: UInt8) { bytes.append(byte) }

    mutating func append(_ number: Int) {
        var rest = UInt64(bitPattern: Int64(number))
        while rest >= 0x80 {
            bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
            rest >>= 7
        }
        bytes.append(UInt8(rest))
    }

    mutating func append(_ text: some Collection<UInt8>) {
        append(text.count)
        bytes.append(contentsOf: text)
    }

    mutating func append(_ text: String) { append(text.utf8) }

    mutating func append(_ texts: [String]) {
        append(texts.count)
        for text in texts { append(text) }
    }

    mutating func append(_ date: AdvisoryDate?) {
        append(date == nil ? 0 : 1)
        if let date { append(Int(date.microseconds)) }
    }

    /// Without its source, which is the record that holds it.
    mutating func append(_ rating: SeverityRating?) {
        guard let rating else {
            append(byte: 0)
            return
        }
        append(byte: UInt8(Severity.allCases.firstIndex(of: rating.severity) ?? 0) + 1)
        append(rating.cvss?.version.rawValue ?? "")
        guard let cvss = rating.cvss else { return }
        append(Int((cvss.score * 10).rounded()))
        append(cvss.vector)
    }
}
