import Layers

/// Where the entries of a tar archive on this machine are. The content itself is passed over by position.
struct ArchiveIndex: Sendable {
    /// Where an entry's content is.
    struct Place: Sendable, Hashable {
        let offset: Int64
        let sizeInBytes: Int64
    }

    private enum Target {
        case place(Place)
        case link(String)
    }

    private var targets: [String: Target] = [:]

    /// An archive of `docker save` has a few entries for each layer of each image.
    static let entryLimit = 100_000
    /// Old versions of Docker link equal layers to each other.
    private static let linkLimit = 16
    private static let blockInBytes: Int64 = 512

    init(_ file: LocalFile) throws(ScanError) {
        if let compression = try ArchiveIndex.compression(of: file) {
            throw ScanError(
                .unusableInput,
                "\(file.path) is compressed with \(compression)",
                hint: "Unpack it first: \(compression == "zstd" ? "unzstd" : "gunzip") FILE"
            )
        }
        var offset: Int64 = 0
        var count = 0
        while offset < file.sizeInBytes {
            guard let header = try ArchiveIndex.header(in: file, at: offset) else { return }
            count += 1
            guard count <= ArchiveIndex.entryLimit else {
                throw ScanError(.unusableInput, "\(file.path) has more than \(ArchiveIndex.entryLimit) entries")
            }
            targets[header.path] = header.target
            let (end, overflow) = header.content.addingReportingOverflow(header.sizeInBytes)
            guard !overflow, end <= file.sizeInBytes else {
                throw ScanError(.unusableInput, "\(file.path) is cut off inside \(header.path)")
            }
            offset = (end + ArchiveIndex.blockInBytes - 1) / ArchiveIndex.blockInBytes * ArchiveIndex.blockInBytes
        }
    }

    /// Where the file at `path` is, through links.
    func place(of path: String) -> Place? {
        var path = path
        for _ in 0...ArchiveIndex.linkLimit {
            switch targets[path] {
            case nil: return nil
            case .place(let place): return place
            case .link(let target): path = target
            }
        }
        return nil
    }

    /// The content at `path` when it is a regular file and no longer than `limit`; else why it cannot be read.
    func document(_ path: String, in file: LocalFile, limit: Int) throws(ScanError) -> [UInt8] {
        guard let place = place(of: path) else {
            throw ScanError(.unusableInput, "\(file.path) is no archive of docker save: it has no \(path)")
        }
        guard place.sizeInBytes <= Int64(limit) else {
            throw ScanError(.unusableInput, "\(path) in \(file.path) has more than \(limit) bytes")
        }
        return try file.bytes(at: place.offset, count: Int(place.sizeInBytes))
    }

    private struct Header {
        let path: String
        let content: Int64
        let sizeInBytes: Int64
        /// Nil for directories and the like.
        let target: Target?
    }

    /// By the first bytes. Source: RFC 1952; RFC 8878.
    private static func compression(of file: LocalFile) throws(ScanError) -> String? {
        let start = try file.bytes(at: 0, count: 4)
        if start.starts(with: [0x1f, 0x8b]) { return "gzip" }
        return start == [0x28, 0xb5, 0x2f, 0xfd] ? "zstd" : nil
    }

    /// The header at `offset`, with the extended headers before it; nil at the archive's end.
    private static func header(in file: LocalFile, at offset: Int64) throws(ScanError) -> Header? {
        var reader = TarReader()
        var position = offset
        while position < file.sizeInBytes {
            // Headers only: most are one block, and long names two or three.
            let block = try file.bytes(at: position, count: Int(blockInBytes))
            guard block.count == Int(blockInBytes) else {
                throw ScanError(.unusableInput, "\(file.path) is cut off inside a header")
            }
            position += blockInBytes
            var isEntry = false
            var isOver = false
            var damage: String?
            block.withUnsafeBytes { bytes in
                var rest = bytes
                switch reader.next(&rest) {
                case .entry: isEntry = true
                case .needsInput: break
                case .end: isOver = true
                case .failed(let reason): damage = reason.description
                default: damage = "an entry has no header"
                }
            }
            if isOver { return nil }
            // Its map would have to be read to know where it ends, and nobody saves images so.
            if isEntry, reader.entry.isSparse { damage = "\(reader.path) is a sparse file" }
            if let damage {
                throw ScanError(.unusableInput, "\(file.path) is no archive of docker save: \(damage)")
            }
            if isEntry { return header(reader, content: position) }
        }
        return nil
    }

    private static func header(_ reader: borrowing TarReader, content: Int64) -> Header {
        let path = reader.path
        let size = max(0, reader.entry.sizeInBytes)
        let target: Target?
        switch reader.entry.kind {
        case .file: target = .place(Place(offset: content, sizeInBytes: size))
        case .symbolicLink: target = .link(resolve(reader.linkName, in: path.split(separator: "/").dropLast()))
        case .hardLink: target = .link(resolve(reader.linkName, in: []))
        default: target = nil
        }
        return Header(path: path, content: content, sizeInBytes: size, target: target)
    }

    private static func resolve(_ link: [UInt8], in folder: ArraySlice<Substring>) -> String {
        let target = String(decoding: link, as: UTF8.self)
        var parts = target.hasPrefix("/") ? [] : Array(folder)
        for part in target.split(separator: "/") where part != "." {
            if part == ".." { _ = parts.popLast() } else { parts.append(part) }
        }
        return parts.joined(separator: "/")
    }
}
