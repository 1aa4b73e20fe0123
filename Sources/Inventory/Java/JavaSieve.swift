import Layers

/// Gives back, while an archive streams into its place, what nobody will ask for: the contents of classes and resources.
///
/// An archive's directory stands at its end, and it alone says what is in the archive. So nothing is decided here but what may be
/// forgotten: from a local header whose name tells nothing to the next header of any kind. Archives that are stored in the archive are
/// sifted along with it; those that are compressed in it are inflated and read at once (``ArchiveInflation``), and what they told waits
/// for the directory. What was forgotten since the archive lies reads as zeros: then a check sum or a signature is wrong, which is
/// told. Source: PKWARE APPNOTE 6.3.9, sections 4.3.7 to 4.3.12.
struct JavaSieve {
    /// Up to where headers were looked for; behind what was written, when all up to there is wanted.
    private var position = 0
    /// Where the stretch begins that nobody will ask for; nil inside one that somebody may.
    private var idleStart: Int? = 0
    /// A wanted content whose length stands behind it, and how long it may be.
    private var open: (start: Int, limit: Int)?
    /// An archive that is inflated: where its header is, where its data ends at the latest.
    private var inflated: (place: Int, end: Int)?
    private var inflation: ArchiveInflation?
    private let level: Int

    /// What was inflated, by the places of the headers.
    private(set) var archives: [Int: InflatedArchive] = [:]

    /// What is given back at once: few calls, and little that waits for one.
    private static let stepInBytes = 1 << 20
    private static let descriptorSignature: UInt32 = 0x0807_4b50

    /// A sieve of what lies in `level` archives at least, each compressed in the next.
    init(level: Int = 0) { self.level = level }

    /// What is held beside the archive itself.
    var heldInBytes: Int { inflation?.heldInBytes ?? 0 }

    /// Looks at what was written since.
    mutating func advance(_ bytes: ReservedBytes, _ allowance: inout JavaAllowance) {
        let view = bytes.view
        while position < view.count {
            if inflated != nil {
                inflate(view, &allowance)
                continue
            }
            guard let place = view.firstIndex(of: "PK", from: position) else {
                // The last byte may be the first of a signature.
                position = max(position, view.count - 1)
                break
            }
            position = place
            if let content = open {
                guard place - content.start <= content.limit else {
                    endOpen()
                    continue
                }
                guard let isEnd = JavaSieve.isDescriptor(in: view, at: place, of: content.start) else { break }
                if isEnd { open = nil }
                position = place + 2
                continue
            }
            let header = LocalHeader(in: view, at: place)
            if case .incomplete = header { break }
            take(header, at: place, bytes)
        }
        if let content = open, position - content.start > content.limit { endOpen() }
        let end = inflated == nil ? position : position - RawInflater.aheadInBytes
        if let start = idleStart, end - start >= JavaSieve.stepInBytes {
            bytes.giveBack(start..<end)
            idleStart = end
        }
    }

    private mutating func take(_ header: LocalHeader, at place: Int, _ bytes: ReservedBytes) {
        switch header {
        case .none, .incomplete: position = place + 2
        case .directory:
            keep(from: place, bytes)
            position = place + 4
        case .idle(let end):
            idleStart = idleStart ?? place
            position = end
        case .head(let end):
            keep(from: place, bytes)
            idleStart = end
            position = end
        case .wanted(let end, let length, let limit):
            keep(from: place, bytes)
            if length == nil { open = (end, limit) }
            position = end + (length ?? 0)
        case .archive(let end, let length, let size, let name):
            guard begin(name, size) else { return take(.idle(end: end), at: place, bytes) }
            idleStart = idleStart ?? place
            inflated = (place, length.map { end + $0 } ?? Int.max)
            position = end
        }
    }

    private mutating func keep(from place: Int, _ bytes: ReservedBytes) {
        if let start = idleStart, start < place { bytes.giveBack(start..<place) }
        idleStart = nil
    }

    /// A content grew longer than anybody would read: only its head was worth something.
    private mutating func endOpen() {
        open = nil
        idleStart = position
    }

    // MARK: Archives that are compressed

    /// False when it would be for nothing: nested too deeply, as whatever reads the directory will say, or one too many.
    private mutating func begin(_ name: String, _ size: Int?) -> Bool {
        guard level + 1 < JavaLimits.nesting, archives.count < JavaLimits.nestedArchives else { return false }
        inflation = inflation ?? ArchiveInflation(level: level + 1)
        inflation?.begin(name: name, statedSize: size)
        return inflation != nil
    }

    private mutating func inflate(_ view: ByteView, _ allowance: inout JavaAllowance) {
        guard let (place, end) = inflated, let inflation else { return inflated = nil }
        let input = view.slice(from: position, count: min(view.count, end) - position)
        position += inflation.take(input ?? view.prefix(0), &allowance)
        guard inflation.isAtEnd || position >= end else { return }
        archives[place] = inflation.end()
        inflated = nil
    }

    /// Whether a descriptor at `place` ends the content that begins at `start`; nil when too little has come to say. One of another
    /// content, which may stand in this one, states another length.
    private static func isDescriptor(in view: ByteView, at place: Int, of start: Int) -> Bool? {
        guard let fields = view.slice(from: place, count: 16) else { return nil }
        guard fields.little(UInt32.self, at: 0) == descriptorSignature else { return false }
        let length = place - start
        return fields.little(UInt32.self, at: 8) == UInt32(clamping: length)
            || fields.little(UInt64.self, at: 8) == UInt64(clamping: length)
    }
}
