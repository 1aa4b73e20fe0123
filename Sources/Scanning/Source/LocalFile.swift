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
        var failure: ScanError?
        let bytes = [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
            while filled < count {
                let got = pread(
                    descriptor,
                    buffer.baseAddress.map { $0 + filled },
                    count - filled,
                    off_t(offset) + off_t(filled)
                )
                if got < 0, errno == EINTR { continue }
                if got < 0 { failure = LocalFile.failure(path) }
                guard got > 0 else { return }
                filled += got
            }
        }
        if let failure { throw failure }
        return bytes
    }

    /// Gives `count` bytes from `offset` to `reading`, in pieces, until it wants no more or the file ends.
    func read(from offset: Int64, count: Int64, into reading: LayerReading) async throws {
        var (position, rest) = (offset, count)
        while rest > 0 {
            let piece = try bytes(at: position, count: Int(min(Int64(LocalFile.pieceInBytes), rest)))
            guard !piece.isEmpty, await reading.write(piece) else { return }
            position += Int64(piece.count)
            rest -= Int64(piece.count)
            try Task.checkCancellation()
        }
    }

    private static func failure(_ path: String) -> ScanError {
        ScanError(.unusableInput, "\(path) cannot be read: \(String(cString: strerror(errno)))")
    }
}
