import CArchive

/// Reads a zip or tar archive, or one compressed file, entry by entry. Nothing is unpacked to disk; names are for messages only.
final class ArchiveReader {
    private let handle: OpaquePointer
    private let name: String
    private let limits: AdvisoryImportLimits
    private let sizeInBytes: Int64
    private var entries = 0
    private var unpackedInBytes: Int64 = 0
    private var buffer: [UInt8]

    /// Of libarchive's reads, in bytes.
    private static let blockInBytes = 1 << 17

    /// Opens the archive behind `descriptor`, which stays open as long as the reader lives.
    init(_ descriptor: Int32, sizeInBytes: Int64, name: String, limits: AdvisoryImportLimits) throws(AdvisoryError) {
        guard let handle = archive_read_new() else {
            throw AdvisoryError(.unreadableSource, "\(name) cannot be read: no memory")
        }
        self.handle = handle
        self.name = name
        self.limits = limits
        self.sizeInBytes = sizeInBytes
        buffer = Array(repeating: 0, count: ArchiveReader.blockInBytes)
        archive_read_support_filter_gzip(handle)
        archive_read_support_filter_zstd(handle)
        archive_read_support_format_zip(handle)
        archive_read_support_format_tar(handle)
        // A compressed file that holds no archive is read as one entry.
        archive_read_support_format_raw(handle)
        guard archive_read_open_fd(handle, descriptor, ArchiveReader.blockInBytes) == ARCHIVE_OK else {
            throw failure()
        }
    }

    deinit { archive_read_free(handle) }

    /// An entry, read.
    enum Entry {
        case file(path: String, bytes: [UInt8])
        case damaged(path: String, reason: String)
    }

    /// The next file; nil at the end. Throws when the archive itself is damaged or breaks a limit.
    func next() throws(AdvisoryError) -> Entry? {
        while true {
            var header: OpaquePointer?
            let status = archive_read_next_header(handle, &header)
            if status == ARCHIVE_EOF { return nil }
            guard status == ARCHIVE_OK || status == ARCHIVE_WARN, let header else { throw failure() }
            entries += 1
            guard entries <= limits.entries else {
                throw AdvisoryError(.limitExceeded, "\(name) has more than \(limits.entries) entries")
            }
            let path = ArchiveReader.path(of: header)
            guard archive_entry_filetype(header) == ArchiveReader.regularFile else { continue }
            return try read(path)
        }
    }

    /// `AE_IFREG`, a macro that Swift does not see.
    private static let regularFile: UInt32 = 0o100_000

    private static func path(of header: OpaquePointer) -> String {
        guard let path = archive_entry_pathname_utf8(header) ?? archive_entry_pathname(header) else { return "" }
        return String(cString: path)
    }

    private func read(_ path: String) throws(AdvisoryError) -> Entry {
        var bytes: [UInt8] = []
        var isTooLarge = false
        while true {
            let count = buffer.withUnsafeMutableBytes { archive_read_data(handle, $0.baseAddress, $0.count) }
            if count == 0 { break }
            guard count > 0 else {
                if count == Int(ARCHIVE_FATAL) { throw failure() }
                return .damaged(path: path, reason: reason)
            }
            unpackedInBytes += Int64(count)
            try checkUnpacked()
            isTooLarge = isTooLarge || bytes.count + count > limits.fileInBytes
            if isTooLarge {
                // The rest still has to be counted: an entry can be the bomb.
                bytes = []
            } else {
                bytes.append(contentsOf: buffer[..<count])
            }
        }
        guard !isTooLarge else {
            return .damaged(path: path, reason: "it is larger than \(limits.fileInBytes) bytes")
        }
        return .file(path: path, bytes: bytes)
    }

    private func checkUnpacked() throws(AdvisoryError) {
        guard unpackedInBytes <= limits.archiveInBytes else {
            throw AdvisoryError(.limitExceeded, "\(name) unpacks to more than \(limits.archiveInBytes) bytes")
        }
        let (allowed, isHuge) = sizeInBytes.multipliedReportingOverflow(by: limits.ratio)
        guard isHuge || unpackedInBytes <= max(allowed, limits.ratioFreeInBytes) else {
            throw AdvisoryError(.limitExceeded, "\(name) unpacks to more than \(limits.ratio) times its size")
        }
    }

    private var reason: String { archive_error_string(handle).map { String(cString: $0) } ?? "it is damaged" }

    private func failure() -> AdvisoryError { AdvisoryError(.unreadableSource, "\(name) cannot be read: \(reason)") }
}
