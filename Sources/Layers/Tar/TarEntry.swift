/// One header of a tar archive, with what its extended headers say taken in. Its names stay with the ``TarReader``.
public struct TarEntry: Sendable, Hashable {
    /// What the header announces.
    public enum Kind: Sendable, Hashable {
        /// A regular file, sparse and contiguous ones included.
        case file
        /// A directory.
        case directory
        /// A symbolic link.
        case symbolicLink
        /// Another name of a file earlier in the archive, or below.
        case hardLink
        /// A device, FIFO, socket, volume label, or a type that nobody knows.
        case other
    }

    /// What it is.
    public internal(set) var kind = Kind.other
    /// Of a file: bytes when expanded.
    public internal(set) var sizeInBytes: Int64 = 0
    /// Permission bits; 0 when they cannot be read.
    public internal(set) var mode: UInt32 = 0
    /// Whether parts of the file are not in the archive and read as zeros.
    public internal(set) var isSparse = false
}
