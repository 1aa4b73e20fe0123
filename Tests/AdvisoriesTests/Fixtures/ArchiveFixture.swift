import CArchive

/// Writes archives with libarchive.
enum ArchiveFixture {
    enum Form: CaseIterable, Sendable { case zip, tar, tarGzip, tarZstd, gzip }

    struct Failure: Error {}

    /// The bytes of an archive with `entries`; of ``Form/gzip`` only the first one's.
    static func bytes(_ form: Form, _ entries: [(name: String, bytes: [UInt8])]) throws -> [UInt8] {
        guard let archive = archive_write_new() else { throw Failure() }
        defer { archive_write_free(archive) }
        switch form {
        case .zip: archive_write_set_format_zip(archive)
        case .tar, .tarGzip, .tarZstd: archive_write_set_format_pax_restricted(archive)
        case .gzip: archive_write_set_format_raw(archive)
        }
        switch form {
        case .tarGzip, .gzip: archive_write_add_filter_gzip(archive)
        case .tarZstd: archive_write_add_filter_zstd(archive)
        case .zip, .tar: archive_write_add_filter_none(archive)
        }
        let size = entries.reduce(1 << 16) { $0 + $1.bytes.count + 2_048 }
        var buffer = [UInt8](repeating: 0, count: size)
        var used = 0
        try buffer.withUnsafeMutableBytes { buffer in
            guard archive_write_open_memory(archive, buffer.baseAddress, buffer.count, &used) == ARCHIVE_OK else {
                throw Failure()
            }
            for entry in form == .gzip ? Array(entries.prefix(1)) : entries {
                let header = archive_entry_new()
                defer { archive_entry_free(header) }
                archive_entry_set_pathname_utf8(header, entry.name)
                archive_entry_set_size(header, Int64(entry.bytes.count))
                archive_entry_set_filetype(header, 0o100_000)
                archive_entry_set_perm(header, 0o644)
                guard archive_write_header(archive, header) == ARCHIVE_OK else { throw Failure() }
                let written = entry.bytes.withUnsafeBytes { archive_write_data(archive, $0.baseAddress, $0.count) }
                guard written == entry.bytes.count else { throw Failure() }
            }
            guard archive_write_close(archive) == ARCHIVE_OK else { throw Failure() }
        }
        return Array(buffer[..<used])
    }
}
