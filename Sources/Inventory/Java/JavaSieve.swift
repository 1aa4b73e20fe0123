/// Gives back, while an archive streams into its place, what nobody will ask for: the contents of classes and resources.
///
/// An archive's directory stands at its end, and it alone says what is in the archive. So nothing is decided here but what may be
/// forgotten: from a local header whose name tells nothing to the next header of any kind. Archives that are stored in the archive are
/// sifted along with it. What was forgotten since the archive lies reads as zeros: then a check sum or a signature is wrong, which is
/// told. Source: PKWARE APPNOTE 6.3.9, sections 4.3.7 to 4.3.12.
struct JavaSieve {
    /// Up to where headers were looked for; behind what was written, when all up to there is wanted.
    private var position = 0
    /// Where the stretch begins that nobody will ask for; nil inside one that somebody may.
    private var idleStart: Int? = 0
    /// Where a wanted content begins whose length stands behind it.
    private var openStart: Int?

    /// What is given back at once: few calls, and little that waits for one.
    private static let stepInBytes = 1 << 20
    private static let descriptorSignature: UInt32 = 0x0807_4b50

    private enum Header {
        case none
        case incomplete
        /// An entry of the directory.
        case directory
        /// Of a file that tells nothing.
        case idle(end: Int)
        /// Of an archive that is stored as it is: its own headers tell what of it is wanted.
        case storedArchive(end: Int)
        /// Of a file that is wanted whole; its length, unless that stands behind it.
        case wanted(end: Int, length: Int?)
    }

    /// Looks at what was written since.
    mutating func advance(_ bytes: ReservedBytes) {
        let view = bytes.view
        while position < view.count {
            guard let place = view.firstIndex(of: "PK", from: position) else {
                // The last byte may be the first of a signature.
                position = max(position, view.count - 1)
                break
            }
            position = place
            if let start = openStart {
                guard let isEnd = JavaSieve.isDescriptor(in: view, at: place, of: start) else { break }
                if isEnd { openStart = nil }
                position = place + 2
                continue
            }
            let header = JavaSieve.header(in: view, at: place)
            if case .incomplete = header { break }
            take(header, at: place, bytes)
        }
        if let start = idleStart, position - start >= JavaSieve.stepInBytes {
            bytes.giveBack(start..<position)
            idleStart = position
        }
    }

    private mutating func take(_ header: Header, at place: Int, _ bytes: ReservedBytes) {
        switch header {
        case .none, .incomplete: position = place + 2
        case .directory:
            keep(from: place, bytes)
            position = place + 4
        case .idle(let end):
            idleStart = idleStart ?? place
            position = end
        case .storedArchive(let end):
            keep(from: place, bytes)
            idleStart = end
            position = end
        case .wanted(let end, let length):
            keep(from: place, bytes)
            if length == nil { openStart = end }
            position = end + (length ?? 0)
        }
    }

    private mutating func keep(from place: Int, _ bytes: ReservedBytes) {
        if let start = idleStart, start < place { bytes.giveBack(start..<place) }
        idleStart = nil
    }

    private static func header(in view: ByteView, at place: Int) -> Header {
        guard let signature = view.little(UInt32.self, at: place) else { return .incomplete }
        if signature == ZipDirectory.entrySignature { return .directory }
        guard signature == ZipDirectory.headerSignature else { return .none }
        guard let fixed = view.slice(from: place, count: 30) else { return .incomplete }
        func field(_ offset: Int) -> Int { Int(fixed.little(UInt16.self, at: offset) ?? 0) }
        let (version, flags, method) = (field(4) & 0xFF, field(6), field(8))
        // Compressed bytes may hold the signature; no tool needs a version beyond 6.3 or numbers a method above 99.
        guard version <= 63, method <= 99, field(26) > 0 else { return .none }
        guard let name = view.slice(from: place + 30, count: field(26)) else { return .incomplete }
        let end = place + 30 + field(26) + field(28)
        guard let kind = JavaEntryKind(name), kind != .project else { return .idle(end: end) }
        if kind == .archive, method == 0 { return .storedArchive(end: end) }
        let length = Int(fixed.little(UInt32.self, at: 18) ?? 0)
        return .wanted(end: end, length: flags & 8 == 0 ? length : nil)
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
