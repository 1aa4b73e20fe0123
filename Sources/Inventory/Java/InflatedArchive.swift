import Layers

/// What became of an archive that was compressed in another, and was inflated and read as it streamed past.
struct InflatedArchive: Sendable {
    enum Content: Sendable {
        case read(JavaOutline)
        /// It is no archive.
        case unreadable(UnreadableFile)
        /// It did not come to its end, or expands to more than it says.
        case damaged
        /// It breaks a limit.
        case excessive(UnreadableFile)
    }

    /// The file name that stands in front of it.
    let name: String
    /// Length of the compressed data, as far as it was read.
    let compressedSize: Int
    /// What came out.
    let size: Int
    /// CRC-32 of what came out.
    let checkSum: UInt32
    let content: Content

    /// What the archive told, when `entry` of a directory is it: what stands in front of an entry may say anything.
    func outline(of entry: ZipDirectory.Entry, name: String) throws(UnreadableFile) -> JavaOutline {
        guard !entry.isEncrypted else { throw UnreadableFile("encrypted") }
        guard entry.size <= JavaLimits.nestedArchiveInBytes else {
            throw UnreadableFile("expands to more than \(JavaLimits.nestedArchiveInBytes) bytes")
        }
        guard name == self.name else { throw UnreadableFile("has two names") }
        if case .excessive(let reason) = content { throw reason }
        guard entry.method == 8, size == entry.size, compressedSize <= entry.compressedSize else {
            throw UnreadableFile("damaged")
        }
        switch content {
        case .damaged, .excessive: throw UnreadableFile("damaged")
        case .unreadable(let reason):
            guard checkSum == entry.checkSum else { throw UnreadableFile("its check sum is wrong") }
            throw reason
        case .read(let outline):
            guard checkSum == entry.checkSum else { throw UnreadableFile("its check sum is wrong") }
            return outline
        }
    }
}
