import OCI

extension LayerContents {
    /// Grows when the form changes, or what a layer's reading keeps of it.
    public static let storedVersion = 1

    private static let mark = "pratique layer \(storedVersion)\n"

    /// The compact form of a layer that was seen to its end; nil for any other, and when `reading` has no form for what a reader left.
    public func stored(_ reading: (any Sendable) -> [UInt8]?) -> [UInt8]? {
        guard completeness == .complete, isVerified, let compression else { return nil }
        var writer = StoredWriter()
        writer.write(compression.rawValue)
        counts.store(in: &writer)
        writer.write(kept.count)
        for file in kept {
            writer.write(file.entry)
            switch file.content {
            case .bytes(let bytes):
                writer.write(0)
                writer.write(bytes)
            case .reading(let value):
                guard let bytes = reading(value) else { return nil }
                writer.write(1)
                writer.write(bytes)
            case .unreadable(let reason):
                writer.write(2)
                writer.write(reason.reason)
            }
        }
        writer.write(links) { writer, link in
            writer.write(link.entry)
            writer.write(link.target)
        }
        writer.write(log.bytes)
        return StoredSeal.seal(writer.bytes, mark: LayerContents.mark)
    }

    /// What was kept of a layer; nil when the bytes are not what ``stored(_:)`` wrote in this version, or hold what no layer within
    /// `limits` has. `reading` gives back what a reader left; `selector` says what is wanted of links out of the layer.
    public init?(
        stored bytes: [UInt8],
        selector: any FileSelector,
        limits: LayerLimits,
        reading: ([UInt8]) -> (any Sendable)?
    ) {
        guard let payload = StoredSeal.open(bytes, mark: LayerContents.mark) else { return nil }
        var reader = StoredReader(payload)
        do throws(StoredReader.Damage) {
            guard let compression = LayerCompression(rawValue: try reader.text()) else { return nil }
            let counts = try LayerCounts(stored: &reader)
            let kept = try reader.elements { reader throws(StoredReader.Damage) in
                KeptFile(entry: try LayerEntry(&reader), content: try KeptFile.Content(&reader, reading))
            }
            let links = try reader.elements { reader throws(StoredReader.Damage) in
                let entry = try LayerEntry(&reader)
                let target = try reader.content()
                guard target.count <= limits.pathLengthInBytes else { throw StoredReader.Damage() }
                return HardLink(entry: entry, target: target, interest: selector.interest(in: entry))
            }
            guard
                let log = EntryLog(
                    stored: try reader.content(),
                    keptCount: kept.count,
                    linkCount: links.count,
                    limits: limits
                )
            else { return nil }
            try reader.finish()
            self.init(
                completeness: .complete,
                isVerified: true,
                compression: compression,
                kept: kept,
                counts: counts,
                log: log,
                links: links
            )
        } catch {
            return nil
        }
    }
}

extension StoredWriter {
    /// Files and hard links, which are all that is ever kept.
    fileprivate mutating func write(_ entry: LayerEntry) {
        write(entry.path)
        if case .hardLink(let target) = entry.kind { write(target as String?) } else { write(nil as String?) }
        write(UInt64(max(0, entry.sizeInBytes)))
        write(UInt64(entry.mode))
    }
}

extension LayerEntry {
    fileprivate init(_ reader: inout StoredReader) throws(StoredReader.Damage) {
        let path = try reader.text()
        let target = try reader.optionalText()
        let size = try reader.number()
        guard let mode = UInt32(exactly: try reader.word()) else { throw StoredReader.Damage() }
        self.init(path: path, kind: target.map { .hardLink(target: $0) } ?? .file, sizeInBytes: Int64(size), mode: mode)
    }
}

extension KeptFile.Content {
    fileprivate init(
        _ reader: inout StoredReader,
        _ reading: ([UInt8]) -> (any Sendable)?
    ) throws(StoredReader.Damage) {
        switch try reader.number() {
        case 0: self = .bytes(try reader.content())
        case 1:
            guard let value = reading(try reader.content()) else { throw StoredReader.Damage() }
            self = .reading(value)
        case 2: self = .unreadable(UnreadableFile(try reader.text()))
        default: throw StoredReader.Damage()
        }
    }
}
