public import OCI

/// What was found in one layer: the files that were wanted, and what the layer does to those below it.
///
/// It depends on the layer alone, so that layers can be read side by side, in any order, and one that occurs twice is read once.
public struct LayerContents: Sendable {
    /// Whether everything was seen.
    public let completeness: Completeness
    /// Whether size and digest were compared with all of the bytes. False when the reading was given up.
    public let isVerified: Bool
    /// What it was stored as; nil when nothing of it came.
    public let compression: LayerCompression?
    /// The files that were wanted, in the order of the archive. One that occurs twice is in here twice; the last one counts.
    public let kept: [KeptFile]
    /// What was counted.
    public let counts: LayerCounts

    let log: EntryLog
    let links: [HardLink]

    /// A hard link that is wanted and whose target is not in this layer.
    struct HardLink: Sendable {
        let entry: LayerEntry
        let target: [UInt8]
        let interest: FileInterest
    }

    /// A layer that was not read at all, as a foreign one that its registry does not have. `reason` is one line.
    public static func notRead(_ reason: String) -> LayerContents {
        LayerContents(
            completeness: .incomplete(.notRead(reason)),
            isVerified: false,
            compression: nil,
            kept: [],
            counts: LayerCounts(),
            log: EntryLog(),
            links: []
        )
    }

    /// Paths that this layer takes away from those below, in the order of the archive.
    public var whiteouts: [String] { paths(of: .whiteout) }

    /// Directories whose content below is gone, in the order of the archive. The root is the empty path.
    public var opaqueDirectories: [String] { paths(of: .opaqueDirectory) }

    private func paths(of kind: EntryLog.Kind) -> [String] {
        var found: [String] = []
        var cursor = EntryLog.Cursor(log)
        while cursor.next() {
            if cursor.kind == kind { found.append(String(decoding: cursor.path, as: UTF8.self)) }
        }
        return found
    }
}

/// What was counted while a layer was read.
public struct LayerCounts: Sendable, Hashable {
    /// Bytes as stored that came.
    public internal(set) var compressedBytes: Int64 = 0
    /// Bytes of the archive, with its headers and padding.
    public internal(set) var uncompressedBytes: Int64 = 0
    /// Entries in the archive, whiteouts included.
    public internal(set) var entries = 0
    /// Bytes of files that were kept whole.
    public internal(set) var keptBytes: Int64 = 0
    /// Paths with bytes that are no UTF-8, or are zero; they were replaced by U+FFFD.
    public internal(set) var repairedPaths = 0
    /// Paths that led above the root; they were cut off there.
    public internal(set) var clampedPaths = 0
    /// Entries that mean nothing: a file in place of the root, a whiteout of nothing, notes of aufs.
    public internal(set) var ignoredEntries = 0

    /// Nothing yet.
    public init() {}
}
