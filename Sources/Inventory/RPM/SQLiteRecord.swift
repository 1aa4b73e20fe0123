import Layers

/// The columns of a row, as far as the beginning of the row says where they are. Source: sqlite.org/fileformat2.html, 2.1.
struct SQLiteRecord {
    /// Of a column.
    struct Value {
        /// The serial type of the format.
        let type: UInt64
        /// Where in the row it begins.
        let offset: Int
        let sizeInBytes: Int

        var isBlob: Bool { type >= 12 && type % 2 == 0 }
        var isNumber: Bool { (1...6).contains(type) || type == 8 || type == 9 }
        var isNull: Bool { type == 0 }
    }

    /// No table of rpm has more than three, that of all tables has five.
    private static let columnLimit = 8

    /// Those whose lengths stand in the beginning of the row.
    private(set) var values: [Value] = []

    /// From the beginning of a row; nil when it is none.
    init?(_ row: ByteView) {
        guard let (size, start) = SQLitePages.varint(row, 0), let end = Int(exactly: size), end <= row.count else {
            return nil
        }
        var place = start
        var offset = end
        while place < end {
            guard values.count < SQLiteRecord.columnLimit, let (type, next) = SQLitePages.varint(row, place),
                next <= end, let length = SQLiteRecord.length(type)
            else { return nil }
            values.append(Value(type: type, offset: offset, sizeInBytes: length))
            offset = offset.addingReportingOverflow(length).partialValue
            guard offset >= 0 else { return nil }
            place = next
        }
    }

    /// The bytes of `value`; nil when they are not all in `row`.
    func bytes(_ value: Value, of row: ByteView) -> ByteView? {
        row.slice(from: value.offset, count: value.sizeInBytes)
    }

    /// `value` as a number, when it is one that is not negative.
    func number(_ value: Value, of row: ByteView) -> Int? {
        switch value.type {
        case 8: return 0
        case 9: return 1
        case 1...6:
            guard let bytes = bytes(value, of: row), bytes[0] ?? 0x80 < 0x80 else { return nil }
            return bytes.bytes.reduce(0) { $0 << 8 | Int($1) }
        default: return nil
        }
    }

    private static func length(_ type: UInt64) -> Int? {
        switch type {
        case 0, 8, 9: 0
        case 1...4: Int(type)
        case 5: 6
        case 6, 7: 8
        case 10, 11: nil
        default: Int(exactly: (type - 12) / 2)
        }
    }
}
