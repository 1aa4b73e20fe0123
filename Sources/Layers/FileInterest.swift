/// Decides, for every file of a layer, what is done with its bytes. Cataloguers stand behind it; the walk knows none of them.
public protocol FileSelector: Sendable {
    /// Called once for each regular file, before its bytes, and once for each hard link, whose size is that of its target when that is
    /// known and else 0. Must be quick: an image has a hundred thousand files.
    func interest(in entry: LayerEntry) -> FileInterest
}

/// What is done with the bytes of one file.
public enum FileInterest: Sendable {
    /// They stream past.
    case none
    /// They are kept whole, and the file counts as unreadable when there are more than `limitInBytes`.
    case whole(limitInBytes: Int)
    /// They are given to `reader` as they pass; what it makes of them is kept instead of them.
    case streamed(any FileReader)
}

/// Reads one file as it streams past, within bounded memory.
public protocol FileReader: Sendable {
    /// The next bytes, in order, 64 KiB at most. The buffer is valid during the call only.
    mutating func read(_ bytes: UnsafeRawBufferPointer)

    /// What is held of the file, when that may become much.
    var heldInBytes: Int { get }

    /// What is held of the file at most, when that is less than all of it.
    var heldLimitInBytes: Int { get }

    /// Everything was read. Nil when the file turned out to hold nothing of interest. Throws ``UnreadableFile`` when it is damaged.
    mutating func finish() throws(UnreadableFile) -> (any Sendable)?
}

extension FileReader {
    /// A few bytes are nothing to speak of.
    public var heldInBytes: Int { 0 }

    /// All of it.
    public var heldLimitInBytes: Int { Int.max }
}

/// Why a file that was wanted could not be read. It becomes an entry in the report, never the end of a scan.
public struct UnreadableFile: Error, Sendable, Hashable {
    /// What is wrong, in one line, without the file's path.
    public let reason: String

    /// A reason.
    public init(_ reason: String) { self.reason = reason }
}

/// A file that some cataloguer wanted, as it was found in one layer.
public struct KeptFile: Sendable {
    /// What is left of a file.
    public enum Content: Sendable {
        /// All of its bytes.
        case bytes([UInt8])
        /// What its ``FileReader`` made of it.
        case reading(any Sendable)
        /// It was wanted, and could not be read.
        case unreadable(UnreadableFile)
    }

    /// Its entry.
    public let entry: LayerEntry
    /// What is left of it.
    public let content: Content

    /// A kept file.
    public init(entry: LayerEntry, content: Content) {
        self.entry = entry
        self.content = content
    }
}
