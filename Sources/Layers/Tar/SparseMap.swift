/// Which parts of a sparse file are in the archive; the rest of it reads as zeros.
struct SparseMap {
    struct Piece: Hashable {
        var offset: Int64
        var size: Int64
        var end: Int64 { offset + size }
    }

    private(set) var pieces: [Piece] = []
    /// Set when it cannot be used: why the file is unreadable.
    private(set) var problem: String?
    let limit: Int

    init(limit: Int) { self.limit = limit }

    mutating func append(offset: Int64, size: Int64) {
        guard problem == nil else { return }
        guard pieces.count < limit else {
            problem = "a sparse file of more than \(limit) pieces"
            pieces = []
            return
        }
        guard size <= Int64.max - offset, offset >= (pieces.last?.end ?? 0) else {
            problem = "a sparse file whose pieces are out of order"
            return
        }
        pieces.append(Piece(offset: offset, size: size))
    }

    mutating func append(pairs: some Sequence<Int64>) {
        var offset: Int64?
        for number in pairs {
            if let start = offset {
                append(offset: start, size: number)
                offset = nil
            } else {
                offset = number
            }
        }
        if offset != nil { fail() }
    }

    mutating func fail() { problem = problem ?? "a sparse file with a damaged map" }

    /// Why the file cannot be read, after all pieces are known; nil when it can.
    func problem(sizeInBytes: Int64, storedBytes: Int64) -> String? {
        if let problem { return problem }
        // Pieces do not overlap and end within the file, so their sum cannot overflow.
        guard (pieces.last?.end ?? 0) <= sizeInBytes else { return "a sparse file with data beyond its end" }
        guard pieces.reduce(0, { $0 + $1.size }) == storedBytes else {
            return "a sparse file whose map and data do not agree"
        }
        return nil
    }
}

/// Reads the map that stands before the data of a sparse file, in decimal lines. Source: GNU tar manual, "PAX Format, Version 1.0".
struct SparseMapText {
    private(set) var map: SparseMap
    private var expected: Int64?
    private var offset: Int64?
    private var seen: Int64 = 0
    private var digits: [UInt8] = []

    init(limit: Int) { map = SparseMap(limit: limit) }

    /// Whether the map is complete; the rest of the block is padding.
    var isComplete: Bool { expected.map { seen == $0 } ?? false }

    /// Reads one block of 512 bytes. False when it is damaged.
    mutating func read(_ block: UnsafeRawBufferPointer) -> Bool {
        for byte in block {
            if isComplete { return true }
            guard byte == 0x0a else {
                guard digits.count < 20 else { return false }
                digits.append(byte)
                continue
            }
            guard let number = TarNumber.decimal(digits) else { return false }
            digits.removeAll(keepingCapacity: true)
            if expected == nil {
                expected = number
            } else if let start = offset {
                map.append(offset: start, size: number)
                guard map.problem == nil else { return true }
                offset = nil
                seen += 1
            } else {
                offset = number
            }
        }
        return true
    }
}
