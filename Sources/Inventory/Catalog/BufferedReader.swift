import Layers

/// Gathers a file of bounded size and parses it when it has passed, so that only the outcome stays in memory.
struct BufferedReader: FileReader {
    /// What a longer file means.
    enum Excess: Sendable {
        /// Nothing of it can be used.
        case isUnreadable
        /// Only the head is of interest.
        case isIgnored
    }

    /// Makes something of the bytes; nil when there is nothing of interest in them.
    typealias Parse = @Sendable (ByteView) throws(UnreadableFile) -> FileReading?

    /// The same for a parser that must write to the bytes.
    typealias ParseInPlace = @Sendable (inout [UInt8]) throws(UnreadableFile) -> FileReading?

    private let limit: Int
    private let excess: Excess
    private let parse: ParseInPlace
    private let expected: Int64
    private var bytes: [UInt8] = []
    private var overflowed = false

    /// A reader of `entry`.
    init(_ entry: LayerEntry, limit: Int, excess: Excess = .isUnreadable, parse: @escaping Parse) {
        self.init(
            entry,
            limit: limit,
            excess: excess,
            inPlace: { bytes throws(UnreadableFile) in try bytes.withView(parse) }
        )
    }

    /// A reader of `entry` whose parser owns the bytes, so that a large file is in memory once.
    init(_ entry: LayerEntry, limit: Int, excess: Excess = .isUnreadable, inPlace parse: @escaping ParseInPlace) {
        self.limit = limit
        self.excess = excess
        self.parse = parse
        expected = max(0, entry.sizeInBytes)
    }

    var heldInBytes: Int { bytes.count }

    mutating func read(_ chunk: UnsafeRawBufferPointer) {
        guard !overflowed else { return }
        if bytes.isEmpty { bytes.reserveCapacity(Int(min(expected, Int64(limit)))) }
        let room = limit - bytes.count
        if chunk.count <= room {
            bytes.append(contentsOf: chunk)
        } else {
            overflowed = true
            if excess == .isIgnored { bytes.append(contentsOf: chunk.prefix(room)) } else { bytes = [] }
        }
    }

    mutating func finish() throws(UnreadableFile) -> (any Sendable)? {
        if overflowed, excess == .isUnreadable { throw UnreadableFile("larger than \(limit) bytes") }
        var whole: [UInt8] = []
        swap(&whole, &bytes)
        return try parse(&whole)
    }
}

extension [UInt8] {
    /// Lends these bytes as a view.
    func withView<T>(_ body: (ByteView) throws(UnreadableFile) -> T) throws(UnreadableFile) -> T {
        let outcome: Result<T, UnreadableFile> = withUnsafeBytes { bytes in
            do throws(UnreadableFile) {
                return .success(try body(ByteView(bytes)))
            } catch {
                return .failure(error)
            }
        }
        return try outcome.get()
    }
}
