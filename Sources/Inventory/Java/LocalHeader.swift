import Layers

/// What stands in front of a file in an archive, as far as it says what of the file is wanted. It may lie.
///
/// Source: PKWARE APPNOTE 6.3.9, section 4.3.7.
enum LocalHeader {
    /// It is none.
    case none
    /// Too little has come to say.
    case incomplete
    /// It is an entry of the directory.
    case directory
    /// Of a file that tells nothing.
    case idle(end: Int)
    /// Of a file of which nobody reads more than this: an archive that is stored as it is, whose own headers tell what of it is
    /// wanted, or a file that is too long, or compressed in an unknown way.
    case head(end: Int)
    /// Of a file that is wanted whole; its length, unless that stands behind it, and what length nobody reads.
    case wanted(end: Int, length: Int?, limit: Int)
    /// Of an archive that is compressed; its lengths, unless they stand behind it.
    case archive(end: Int, length: Int?, size: Int?, name: String)

    private static let hasDescriptor = 8
    private static let isEncrypted = 1

    /// What stands at `place`.
    init(in view: ByteView, at place: Int) {
        guard let signature = view.little(UInt32.self, at: place) else {
            self = .incomplete
            return
        }
        guard signature == ZipDirectory.headerSignature else {
            self = signature == ZipDirectory.entrySignature ? .directory : .none
            return
        }
        guard let fixed = view.slice(from: place, count: 30) else {
            self = .incomplete
            return
        }
        func field(_ offset: Int) -> Int { Int(fixed.little(UInt16.self, at: offset) ?? 0) }
        let (version, flags, method) = (field(4) & 0xFF, field(6), field(8))
        // Compressed bytes may hold the signature; no tool needs a version beyond 6.3 or numbers a method above 99.
        guard version <= 63, method <= 99, field(26) > 0 else {
            self = .none
            return
        }
        guard let name = view.slice(from: place + 30, count: field(26)) else {
            self = .incomplete
            return
        }
        /// A length; nil when it stands elsewhere, with its own eight bytes or behind the data.
        func length(_ offset: Int) -> Int? {
            let length = fixed.little(UInt32.self, at: offset) ?? 0
            return flags & LocalHeader.hasDescriptor != 0 || length == UInt32.max ? nil : Int(length)
        }
        let end = place + 30 + field(26) + field(28)
        switch JavaEntryKind(name) {
        case nil, .project: self = .idle(end: end)
        case .properties: self = .text(end, length(18), limit: JavaLimits.propertiesInBytes)
        case .manifest: self = .text(end, length(18), limit: JavaLimits.manifestInBytes)
        case .archive:
            let size = length(22)
            if method == 8, flags & LocalHeader.isEncrypted == 0, size ?? 0 <= JavaLimits.nestedArchiveInBytes {
                let path = name.prefix(CatalogLimits.wordInBytes).text
                let name = String(path.split(separator: "/").last ?? "")
                self = .archive(end: end, length: length(18), size: size, name: name)
            } else {
                self = .head(end: end)
            }
        }
    }

    private static func text(_ end: Int, _ length: Int?, limit: Int) -> LocalHeader {
        // Compressed data is longer than its text by a few bytes at most.
        let limit = limit + limit >> 10 + 1024
        return length ?? 0 > limit ? .head(end: end) : .wanted(end: end, length: length, limit: limit)
    }
}
