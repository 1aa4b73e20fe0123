import Layers

/// The header of one installed package: an index of tags, and the data that they point into.
///
/// Source: rpm, docs/manual/format_header.md; the limits are rpm's own (lib/header.cc).
struct RPMHeader {
    /// The tags that are read. Source: rpm, include/rpm/rpmtag.h.
    enum Tag: UInt32 {
        case name = 1000
        case version = 1001
        case release = 1002
        case epoch = 1003
        case license = 1014
        case architecture = 1022
        case sourceRPM = 1044
        case directoryIndexes = 1116
        case baseNames = 1117
        case directoryNames = 1118
        case modularityLabel = 5096
    }

    private static let entryLimit = 0xFFFF
    private static let dataLimit = 256 << 20
    private static let entrySize = 16

    private struct Entry {
        let type: UInt32
        let offset: Int
        let count: Int
    }

    private let data: ByteView
    private var entries: [UInt32: Entry] = [:]

    /// Reads the index of `blob`.
    init(_ blob: ByteView) throws(UnreadableFile) {
        guard let count = blob.big(UInt32.self, at: 0), let length = blob.big(UInt32.self, at: 4),
            count > 0, count <= RPMHeader.entryLimit, length <= RPMHeader.dataLimit
        else { throw UnreadableFile("a package header that is none") }
        let indexSize = Int(count) * RPMHeader.entrySize
        guard let index = blob.slice(from: 8, count: indexSize),
            let data = blob.slice(from: 8 + indexSize, count: Int(length))
        else { throw UnreadableFile("a package header that is cut off") }
        self.data = data
        for number in 0..<Int(count) {
            let place = number * RPMHeader.entrySize
            guard let tag = index.big(UInt32.self, at: place), Tag(rawValue: tag) != nil,
                let type = index.big(UInt32.self, at: place + 4), let offset = index.big(UInt32.self, at: place + 8),
                let count = index.big(UInt32.self, at: place + 12), Int(offset) < data.count
            else { continue }
            entries[tag] = Entry(type: type, offset: Int(offset), count: Int(count))
        }
    }

    /// Whether `blob` is a header of the length that it states, with the mark at the end of its first part in its place: rpm puts one
    /// into every package that it installs.
    static func isSound(_ blob: ByteView) -> Bool {
        // Source: rpm, docs/manual/format_header.md, "Immutable regions"; tags 62 and 63.
        guard let count = blob.big(UInt32.self, at: 0), let length = blob.big(UInt32.self, at: 4),
            count > 0, count <= entryLimit, length <= dataLimit,
            blob.count == 8 + Int(count) * entrySize + Int(length),
            let tag = blob.big(UInt32.self, at: 8), (62...63).contains(tag), blob.big(UInt32.self, at: 12) == 7,
            let offset = blob.big(UInt32.self, at: 16), blob.big(UInt32.self, at: 20) == UInt32(entrySize),
            let mark = blob.slice(from: 8 + Int(count) * entrySize + Int(offset), count: entrySize),
            let back = mark.big(Int32.self, at: 8).map(Int.init)
        else { return false }
        return mark.big(UInt32.self, at: 0) == tag && mark.big(UInt32.self, at: 4) == 7
            && mark.big(UInt32.self, at: 12) == UInt32(entrySize)
            && back < 0 && -back % entrySize == 0 && -back / entrySize <= Int(count)
    }

    /// A text that is not empty; of a translated one, the first.
    func text(_ tag: Tag) -> String? {
        // STRING, STRING_ARRAY, I18NSTRING.
        guard let entry = entries[tag.rawValue], [6, 8, 9].contains(entry.type),
            let text = string(at: entry.offset), !text.isEmpty, text.count <= CatalogLimits.wordInBytes
        else { return nil }
        return text.text
    }

    /// A number.
    func number(_ tag: Tag) -> UInt32? {
        guard let entry = entries[tag.rawValue], entry.type == 4 else { return nil }
        return data.big(UInt32.self, at: entry.offset)
    }

    /// The paths of its files, by their hashes: names, and for each the number of its directory.
    var files: [PathHash] {
        guard let names = entries[Tag.baseNames.rawValue], let indexes = entries[Tag.directoryIndexes.rawValue],
            let directories = entries[Tag.directoryNames.rawValue]
        else { return [] }
        var prefixes: [PathHash] = []
        var place = directories.offset
        for _ in 0..<min(directories.count, CatalogLimits.filesPerPackage) {
            guard let name = string(at: place) else { break }
            prefixes.append(PathHash(name[0] == UInt8(ascii: "/") ? name.dropping(1) : name))
            place += name.count + 1
        }
        var found: [PathHash] = []
        // A name has a zero behind it at least.
        found.reserveCapacity(min(names.count, CatalogLimits.filesPerPackage, data.count))
        place = names.offset
        for number in 0..<min(names.count, CatalogLimits.filesPerPackage) {
            guard let name = string(at: place), let index = data.big(UInt32.self, at: indexes.offset + 4 * number),
                index < prefixes.count
            else { break }
            var path = prefixes[Int(index)]
            path.append(name)
            found.append(path)
            place += name.count + 1
        }
        return found
    }

    /// Up to the next zero; nil when there is none.
    private func string(at offset: Int) -> ByteView? {
        guard let end = data.firstIndex(of: 0, from: offset) else { return nil }
        return data.slice(from: offset, count: end - offset)
    }
}
