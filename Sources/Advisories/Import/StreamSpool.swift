#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// A file without a name that holds what is fetched until it is read; it goes with the value, or with the process.
final class StreamSpool: Sendable {
    private let descriptor: Int32

    /// Makes one in the folder of `path`, where there must be room for a snapshot anyway.
    init(beside path: String) throws(AdvisoryError) {
        var template = Array("\(path).fetching-XXXXXX".utf8CString)
        descriptor = mkstemp(&template)
        guard descriptor >= 0 else {
            let reason = String(cString: strerror(errno))
            throw AdvisoryError(.unreadableSource, "there is no place beside \(path) to fetch into: \(reason)")
        }
        _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
        unlink(template)
    }

    deinit { Glibc.close(descriptor) }

    /// Where the kernel shows the file as long as it is open.
    var path: String { "/proc/self/fd/\(descriptor)" }

    /// Writes everything that `bytes` gives.
    func fill(
        from bytes: any AsyncSequence<[UInt8], any Error> & Sendable,
        name: String,
        limit: Int64
    ) async throws {
        var total: Int64 = 0
        for try await piece in bytes {
            total += Int64(piece.count)
            guard total <= limit else {
                throw AdvisoryError(.limitExceeded, "\(name) is larger than \(limit) bytes")
            }
            try write(piece, name: name)
        }
    }

    private func write(_ piece: [UInt8], name: String) throws(AdvisoryError) {
        var rest = piece[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else {
                throw AdvisoryError(.unreadableSource, "\(name) cannot be kept: \(String(cString: strerror(errno)))")
            }
            rest = rest.dropFirst(count)
        }
    }
}
