import Layers

/// Where the entries of a tar archive on this machine are. The content itself is passed over by position.
struct ArchiveIndex: Sendable {
    /// Where an entry's content is.
    struct Place: Sendable, Hashable {
        let offset: Int64
        let sizeInBytes: Int64
    }

    private var places: [String: Place] = [:]
    private var links: [String: String] = [:]

    /// An archive of `docker save` has a few entries for each layer of each image.
    static let entryLimit = 100_000
    /// Old versions of Docker link equal layers to each other.
    private static let linkLimit = 16
    private static let blockInBytes: Int64 = 512

    init(_ file: LocalFile) throws(ScanError) {
        var offset: Int64 = 0
        var count = 0
        while offset < file.sizeInBytes {
            guard let header = try ArchiveIndex.header(in: file, at: offset) else { return }
            count += 1
            guard count <= ArchiveIndex.entryLimit else {
                throw ScanError(.unusableInput, "\(file.path) has more than \(ArchiveIndex.entryLimit) entries")
            }
            if let target = header.link {
                links[header.path] = target
            } else {
                places[header.path] = Place(offset: header.content, sizeInBytes: header.sizeInBytes)
            }
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
        for _ in 0..<ArchiveIndex.linkLimit {
            if let place = places[path] { return place }
            guard let target = links[path] else { return nil }
            path = target
        }
        return nil
    }

    private struct Header {
        let path: String
        let content: Int64
        let sizeInBytes: Int64
        let link: String?
    }

    /// The header at `offset`, with the extended headers before it; nil at the archive's end.
    private static func header(in file: LocalFile, at offset: Int64) throws(ScanError) -> Header? {
        var reader = TarReader()
        var position = offset
        while position < file.sizeInBytes {
            // Headers only: most are one block, and long names two or three.
            let block = try file.bytes(at: position, count: Int(blockInBytes))
            guard block.count == Int(blockInBytes) else { break }
            var found: Header?
            var isOver = false
            var damage: String?
            block.withUnsafeBytes { bytes in
                var rest = bytes
                switch reader.next(&rest) {
                case .entry: found = header(reader.entry, reader, after: position + blockInBytes)
                case .needsInput: break
                case .end: isOver = true
                case .failed(let reason): damage = reason.description
                default: damage = "an entry has no header"
                }
            }
            if let found { return found }
            if isOver { return nil }
            if let damage {
                throw ScanError(
                    .unusableInput,
                    "\(file.path) is no archive of docker save: \(damage)",
                    hint: "A compressed archive must be unpacked first: gunzip FILE"
                )
            }
            position += blockInBytes
        }
        return nil
    }

    private static func header(_ entry: TarEntry, _ reader: borrowing TarReader, after content: Int64) -> Header {
        let path = reader.path
        switch entry.kind {
        case .file: return Header(path: path, content: content, sizeInBytes: entry.sizeInBytes, link: nil)
        case .symbolicLink:
            let folder = path.split(separator: "/").dropLast()
            let target = String(decoding: reader.linkName, as: UTF8.self)
            return Header(path: path, content: content, sizeInBytes: 0, link: resolve(target, in: folder))
        case .hardLink:
            let target = String(decoding: reader.linkName, as: UTF8.self)
            return Header(path: path, content: content, sizeInBytes: 0, link: resolve(target, in: []))
        default: return Header(path: path, content: content, sizeInBytes: 0, link: nil)
        }
    }

    private static func resolve(_ target: String, in folder: ArraySlice<Substring>) -> String {
        var parts = target.hasPrefix("/") ? [] : Array(folder)
        for part in target.split(separator: "/") where part != "." {
            if part == ".." { _ = parts.popLast() } else { parts.append(part) }
        }
        return parts.joined(separator: "/")
    }
}
