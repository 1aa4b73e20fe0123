import Layers

/// Reads a database of rpm of which only what is not understood yet is held: a package's header is read as soon as all of it has come,
/// and its place given back.
struct RPMDatabaseReader: FileReader {
    private enum Format {
        case unknown
        case native(RPMNativeStream)
        case berkeley(BerkeleyStream)
        case sqlite(RPMSQLiteStream)
        case foreign
    }

    /// Enough to tell the formats apart.
    private static let headInBytes = SQLitePages.headInBytes

    let bytes: ReservedBytes
    private var format = Format.unknown
    private var isTooLong = false

    /// A reader of a database of `sizeInBytes`; nil when the system gives no room for it.
    init?(sizeInBytes: Int) {
        guard let bytes = ReservedBytes(capacity: max(1, sizeInBytes)) else { return nil }
        self.bytes = bytes
    }

    var heldInBytes: Int { bytes.heldInBytes }

    mutating func read(_ chunk: UnsafeRawBufferPointer) {
        if case .foreign = format { return }
        guard !isTooLong, bytes.append(chunk) else {
            isTooLong = true
            return
        }
        if case .unknown = format, bytes.count >= RPMDatabaseReader.headInBytes { choose() }
        advance()
    }

    mutating func finish() throws(UnreadableFile) -> (any Sendable)? {
        guard !isTooLong else { throw UnreadableFile("longer than its size says") }
        if case .unknown = format { choose() }
        advance()
        var gathering = RPMGathering()
        switch format {
        case .native(let stream): try stream.finish(bytes.view, &gathering)
        case .berkeley(let stream): try stream.finish(bytes.view, &gathering)
        case .sqlite(let stream): try stream.finish(bytes.view, &gathering)
        case .unknown, .foreign:
            if bytes.count > 0 { throw UnreadableFile("no database of rpm") }
        }
        return gathering.reading
    }

    private mutating func choose() {
        let head = bytes.view
        if head.hasPrefix("RpmP") {
            format = .native(RPMNativeStream())
        } else if let pages = SQLitePages(head) {
            format = .sqlite(RPMSQLiteStream(pages))
        } else if let pages = BerkeleyPages(head) {
            format = .berkeley(BerkeleyStream(pages))
        } else {
            format = .foreign
        }
    }

    private mutating func advance() {
        switch format {
        case .native(var stream):
            format = .unknown
            stream.advance(bytes)
            format = .native(stream)
        case .berkeley(var stream):
            format = .unknown
            stream.advance(bytes)
            format = .berkeley(stream)
        case .sqlite(var stream):
            format = .unknown
            stream.advance(bytes)
            format = .sqlite(stream)
        case .unknown, .foreign: break
        }
    }
}

/// A stretch that nobody needs any more, given back in large pieces: only whole pages of the system can be, and each call costs.
struct IdleStretch {
    private static let stepInBytes = 1 << 20

    private var range = 0..<0

    /// `more` is not needed; it lies behind what was added before, or anywhere else.
    mutating func add(_ more: Range<Int>, _ bytes: ReservedBytes) {
        if more.lowerBound == range.upperBound {
            range = range.lowerBound..<more.upperBound
        } else {
            flush(bytes)
            range = more
        }
        if range.count >= IdleStretch.stepInBytes { flush(bytes) }
    }

    /// Gives back what was added.
    mutating func flush(_ bytes: ReservedBytes) {
        if !range.isEmpty { bytes.giveBack(range) }
        range = range.upperBound..<range.upperBound
    }
}
