/// What the extended headers of an archive say about the next entry, or all that follow.
///
/// Source: POSIX pax, "pax Extended Header"; GNU tar manual, "Sparse Formats", 0.0, 0.1 and 1.0.
struct PAXRecords {
    var path: [UInt8]?
    var linkPath: [UInt8]?
    var sizeInBytes: Int64?
    var sparseMajor: Int64?
    var sparseMinor: Int64?
    var sparseName: [UInt8]?
    var sparseSize: Int64?
    /// Version 0.1: `offset,size,offset,size,…` as it stands.
    var sparseMap: [UInt8]?
    /// Version 0.0: the numbers in the order of their records.
    var sparseNumbers: [Int64] = []

    /// Takes in the records of one header. False when they are damaged.
    mutating func read(_ bytes: UnsafeRawBufferPointer) -> Bool {
        var rest = bytes[...]
        while !rest.isEmpty {
            // Some writers fill the header up with zeros.
            if rest.first == 0 { return rest.allSatisfy { $0 == 0 } }
            guard let space = rest.prefix(20).firstIndex(of: 0x20),
                let length = TarNumber.decimal(rest[rest.startIndex..<space]),
                length <= rest.count, rest.startIndex + Int(length) > space + 1
            else { return false }
            let end = rest.startIndex + Int(length)
            guard rest[end - 1] == 0x0a, let equals = rest[(space + 1)..<(end - 1)].firstIndex(of: 0x3d),
                set(rest[(space + 1)..<equals], to: rest[(equals + 1)..<(end - 1)])
            else { return false }
            rest = rest[end...]
        }
        return true
    }

    private mutating func set(_ key: Slice<UnsafeRawBufferPointer>, to value: Slice<UnsafeRawBufferPointer>) -> Bool {
        // Times, owners and attributes are most of what comes here.
        guard let first = key.first, "plsG".utf8.contains(first) else { return true }
        if key.elementsEqual("path".utf8) {
            path = value.isEmpty ? nil : Array(value)
        } else if key.elementsEqual("linkpath".utf8) {
            linkPath = value.isEmpty ? nil : Array(value)
        } else if key.elementsEqual("size".utf8) {
            return set(\.sizeInBytes, to: value)
        } else if key.starts(with: "GNU.sparse.".utf8) {
            return setSparse(key.dropFirst(11), to: value)
        }
        return true
    }

    private mutating func setSparse(
        _ key: Slice<UnsafeRawBufferPointer>,
        to value: Slice<UnsafeRawBufferPointer>
    ) -> Bool {
        switch String(decoding: key, as: UTF8.self) {
        case "major": return set(\.sparseMajor, to: value)
        case "minor": return set(\.sparseMinor, to: value)
        case "name": sparseName = value.isEmpty ? nil : Array(value)
        case "size", "realsize": return set(\.sparseSize, to: value)
        case "map": sparseMap = Array(value)
        case "offset", "numbytes":
            guard let number = TarNumber.decimal(value) else { return false }
            sparseNumbers.append(number)
        default: break
        }
        return true
    }

    /// An empty value takes an earlier one back.
    private mutating func set(
        _ number: WritableKeyPath<PAXRecords, Int64?>,
        to value: Slice<UnsafeRawBufferPointer>
    ) -> Bool {
        guard !value.isEmpty else {
            self[keyPath: number] = nil
            return true
        }
        guard let parsed = TarNumber.decimal(value) else { return false }
        self[keyPath: number] = parsed
        return true
    }
}
