/// How much one layer may cost. Each limit ends the layer that breaks it as incomplete, with ``LayerLimit`` as the reason.
///
/// The defaults let every image pass that was seen in practice and stop what could only be built to hurt.
public struct LayerLimits: Sendable, Hashable {
    /// Bytes as stored. Machine-learning images have layers of ten gigabytes; three times that is nobody's.
    public var compressedBytes: Int64 = 32 << 30
    /// Bytes of the archive, and bytes that holes of sparse files expand to. Bounds the work that one layer can ask for.
    public var uncompressedBytes: Int64 = 64 << 30
    /// Archive bytes per stored byte, looked at beyond ``ratioFloorInBytes``. Program files reach 10, preallocated databases 100;
    /// deflate itself ends at 1,032, zstd has no end.
    public var ratio: Int64 = 400
    /// A ratio says nothing about a small layer: this much is read whatever it came from.
    public var ratioFloorInBytes: Int64 = 256 << 20
    /// Headers in the archive. The largest images that were seen have half a million.
    public var entries = 2_000_000
    /// Bytes in a path or link target: `PATH_MAX` of Linux, beyond which nothing can be opened.
    public var pathLengthInBytes = 4096
    /// Directories above an entry. Bounds the work of a walk; trees of `node_modules` reach 60.
    public var nesting = 256
    /// Bytes of the record of paths that the merge needs. A hundred thousand entries take three million.
    public var indexBytes = 64 << 20
    /// Bytes of all files that are kept whole. The largest package databases are near 150 million.
    public var keptBytes: Int64 = 384 << 20
    /// Bytes of one PAX header. Go's reader, which every container engine uses, ends at the same.
    public var paxHeaderBytes = 1 << 20
    /// Pieces of one sparse file that is read. A larger map makes the file unreadable.
    public var sparsePieces = 65_536
    /// What a sparse file that is read may expand to. A larger one is unreadable: no package database is sparse.
    public var sparseFileBytes: Int64 = 1 << 30
    /// Names that are followed to put one layer on those below it: five per entry are usual, and links could make it thousands.
    public var mergeSteps = 64_000_000
    /// Files, links and directories of the merged file system, some 170 bytes each. A large image has twenty thousand.
    public var treeNodes = 750_000
    /// What zstd may remember, as a power of two: 128 MiB is what `zstd --ultra -22` writes and its decoder takes unasked.
    public var zstdWindowLog = 27
    /// From the making of the reader to its last byte, the waiting for the network included.
    public var duration: Duration = .seconds(1800)

    /// The defaults.
    public init() {}
}

/// Which of ``LayerLimits`` a layer broke.
public enum LayerLimit: String, Sendable, Hashable, Codable {
    /// ``LayerLimits/compressedBytes``.
    case compressedBytes = "compressed-bytes"
    /// ``LayerLimits/uncompressedBytes``.
    case uncompressedBytes = "uncompressed-bytes"
    /// ``LayerLimits/ratio``.
    case ratio
    /// ``LayerLimits/entries``.
    case entries
    /// ``LayerLimits/pathLengthInBytes``.
    case pathLength = "path-length"
    /// ``LayerLimits/nesting``.
    case nesting
    /// ``LayerLimits/indexBytes``.
    case indexBytes = "index-bytes"
    /// ``LayerLimits/keptBytes``.
    case keptBytes = "kept-bytes"
    /// ``LayerLimits/paxHeaderBytes``.
    case paxHeader = "pax-header"
    /// ``LayerLimits/mergeSteps``.
    case mergeSteps = "merge-steps"
    /// ``LayerLimits/treeNodes``.
    case treeNodes = "tree-nodes"
    /// ``LayerLimits/zstdWindowLog``.
    case zstdWindow = "zstd-window"
    /// ``LayerLimits/duration``.
    case duration
}
