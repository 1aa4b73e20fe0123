import Foundation

/// A file of this machine that is read by position, so that several readers share it.
final class LocalFile: Sendable {
    let path: String
    let sizeInBytes: Int64
    private let descriptor: Int32

    /// The pieces that files are read in: large enough that the calls cost nothing, small enough for a processor's cache.
    static let pieceInBytes = 256 << 10

    init(path: String) throws(ScanError) {
        self.path = path
        let file = open(path, O_RDONLY | O_CLOEXEC)
        guard file >= 0 else { throw LocalFile.failure(path) }
        var status = stat()
        guard fstat(file, &status) == 0 else {
            let error = LocalFile.failure(path)
            close(file)
            throw error
        }
        guard status.st_mode & S_IFMT == S_IFREG else {
            close(file)
            throw ScanError(.unusableInput, "\(path) is no regular file")
        }
        sizeInBytes = Int64(status.st_size)
        // Last: once every property is set, a throw runs deinit, which would close the descriptor a second time.
        descriptor = file
    }

    deinit { close(descriptor) }

    /// All bytes of a small file. Throws when there are more than `limit`.
    func bytes(limit: Int) throws(ScanError) -> [UInt8] {
        guard sizeInBytes <= Int64(limit) else {
            throw ScanError(.unusableInput, "\(path) has more than \(limit) bytes")
        }
        return try bytes(at: 0, count: Int(sizeInBytes))
    }

    /// `count` bytes from `offset`; fewer at the file's end.
    func bytes(at offset: Int64, count: Int) throws(ScanError) -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(count)
        try read(from: offset, count: Int64(count)) { piece in
            bytes.append(contentsOf: piece)
            return true
        }
        return bytes
    }

    /// Gives `count` bytes from `offset` to `body`, in pieces, until it returns false or the file ends.
    func read(from offset: Int64, count: Int64, _ body: (UnsafeRawBufferPointer) -> Bool) throws(ScanError) {
        let capacity = Int(min(Int64(LocalFile.pieceInBytes), max(1, count)))
        let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: capacity, alignment: 64)
        defer { buffer.deallocate() }
        var (position, rest) = (offset, count)
        while rest > 0 {
            let got = pread(descriptor, buffer.baseAddress, Int(min(Int64(capacity), rest)), off_t(position))
            if got < 0, errno == EINTR { continue }
            guard got >= 0 else { throw LocalFile.failure(path) }
            guard got > 0, body(UnsafeRawBufferPointer(rebasing: buffer[..<got])) else { return }
            position += Int64(got)
            rest -= Int64(got)
        }
    }

    private static func failure(_ path: String) -> ScanError {
        ScanError(.unusableInput, "\(path) cannot be read: \(String(cString: strerror(errno)))")
    }
}
