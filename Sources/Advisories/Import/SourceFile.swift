#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// A file that an import reads, open.
final class SourceFile {
    let descriptor: Int32
    let path: String
    let sizeInBytes: Int64

    /// Opens the regular file at `path`. Throws ``AdvisoryError/Code/unreadableSource``.
    init(_ path: String) throws(AdvisoryError) {
        // A pipe would block here without O_NONBLOCK; regular files do not mind it.
        descriptor = Glibc.open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        self.path = path
        var status = stat()
        guard descriptor >= 0, fstat(descriptor, &status) == 0 else {
            let reason = String(cString: strerror(errno))
            if descriptor >= 0 { Glibc.close(descriptor) }
            throw AdvisoryError(.unreadableSource, "\(path) cannot be opened: \(reason)")
        }
        guard status.st_mode & S_IFMT == S_IFREG else {
            Glibc.close(descriptor)
            throw AdvisoryError(.unreadableSource, "\(path) is neither a file nor a directory")
        }
        sizeInBytes = Int64(status.st_size)
    }

    deinit { Glibc.close(descriptor) }

    /// What a file is by its first bytes.
    enum Kind {
        /// To be read entry by entry.
        case archive
        /// To be read whole.
        case plain
    }

    /// Looks at the first bytes.
    var kind: Kind {
        var start = [UInt8](repeating: 0, count: 512)
        let count = start.withUnsafeMutableBytes { pread(descriptor, $0.baseAddress, $0.count, 0) }
        let bytes = start.prefix(max(0, count))
        let marks: [[UInt8]] = [[0x50, 0x4B, 3, 4], [0x50, 0x4B, 5, 6], [0x1F, 0x8B], [0x28, 0xB5, 0x2F, 0xFD]]
        let isTar = bytes.dropFirst(257).starts(with: "ustar".utf8)
        return isTar || marks.contains { bytes.starts(with: $0) } ? .archive : .plain
    }

    /// The whole file; nil when it is larger than `limit`.
    func read(limit: Int) throws(AdvisoryError) -> [UInt8]? {
        guard sizeInBytes <= Int64(limit) else { return nil }
        var bytes = [UInt8](repeating: 0, count: Int(sizeInBytes))
        var filled = 0
        while filled < bytes.count {
            let count = bytes.withUnsafeMutableBytes { buffer in
                pread(descriptor, buffer.baseAddress?.advanced(by: filled), buffer.count - filled, off_t(filled))
            }
            guard count >= 0 else {
                throw AdvisoryError(.unreadableSource, "\(path) cannot be read: \(String(cString: strerror(errno)))")
            }
            // The file became shorter while it was read.
            guard count > 0 else { return Array(bytes[..<filled]) }
            filled += count
        }
        return bytes
    }
}
