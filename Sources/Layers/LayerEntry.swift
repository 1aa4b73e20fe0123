/// One entry of a layer's tar archive, after its path was made safe.
public struct LayerEntry: Sendable, Hashable {
    /// What the entry is. Whiteouts are told apart here; their marker files never show up as files.
    public enum Kind: Sendable, Hashable {
        /// A regular file, sparse ones included.
        case file
        /// A directory.
        case directory
        /// A symbolic link, with its target as written.
        case symbolicLink(target: String)
        /// Another name of the file at `target`, which is a clean path like ``LayerEntry/path``.
        case hardLink(target: String)
        /// `.wh.name`: the path `name` of the layers below is gone.
        case whiteout
        /// `.wh..wh..opq`: everything below this directory in the layers below is gone.
        case opaqueDirectory
        /// A device, FIFO or socket.
        case other
    }

    /// Relative to the root, without `.`, `..`, a leading slash or empty parts: `usr/lib/os-release`. For a whiteout, the path
    /// that is gone. At most ``LayerLimits/pathLengthInBytes`` bytes.
    public let path: String
    /// What it is.
    public let kind: Kind
    /// Of a file: bytes when expanded.
    public let sizeInBytes: Int64
    /// Permission bits.
    public let mode: UInt32

    /// An entry.
    public init(path: String, kind: Kind, sizeInBytes: Int64 = 0, mode: UInt32 = 0o644) {
        self.path = path
        self.kind = kind
        self.sizeInBytes = sizeInBytes
        self.mode = mode
    }
}
