import Layers

/// Keeps every file whole that is not larger than a limit.
struct WholeFiles: FileSelector {
    var limit = 1 << 20

    func interest(in entry: LayerEntry) -> FileInterest { .whole(limitInBytes: limit) }
}

/// Keeps the files whose names begin so.
struct NamedFiles: FileSelector {
    var prefix: String

    func interest(in entry: LayerEntry) -> FileInterest {
        let name = entry.path.split(separator: "/").last ?? ""
        return name.hasPrefix(prefix) ? .whole(limitInBytes: 1 << 20) : .none
    }
}

/// Wants nothing.
struct NoFiles: FileSelector {
    func interest(in entry: LayerEntry) -> FileInterest { .none }
}

/// Reads every file with a ``CountingReader``.
struct CountedFiles: FileSelector {
    var measuresPieces = true

    func interest(in entry: LayerEntry) -> FileInterest { .streamed(CountingReader(measuresPieces: measuresPieces)) }
}

/// Counts bytes and sums them. Files that begin with `!` are damaged, those that begin with `-` are of no interest.
struct CountingReader: FileReader {
    struct Count: Sendable, Hashable {
        var bytes = 0
        var sum = 0
        var largestPiece = 0
    }

    var measuresPieces = true
    private var count = Count()
    private var first: UInt8?

    init(measuresPieces: Bool) { self.measuresPieces = measuresPieces }

    mutating func read(_ bytes: UnsafeRawBufferPointer) {
        first = first ?? bytes.first
        count.bytes += bytes.count
        if measuresPieces { count.largestPiece = max(count.largestPiece, bytes.count) }
        for byte in bytes { count.sum &+= Int(byte) }
    }

    mutating func finish() throws(UnreadableFile) -> (any Sendable)? {
        if first == UInt8(ascii: "!") { throw UnreadableFile("it begins with !") }
        return first == UInt8(ascii: "-") ? nil : count
    }
}
