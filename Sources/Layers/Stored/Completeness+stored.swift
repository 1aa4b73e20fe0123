extension LayerCounts {
    /// Puts the counts into a compact form.
    public func store(in writer: inout StoredWriter) {
        for count in [compressedBytes, uncompressedBytes, keptBytes] { writer.write(UInt64(max(0, count))) }
        for count in [entries, repairedPaths, clampedPaths, ignoredEntries] { writer.write(count) }
    }

    /// The counts that were put there. Throws when the bytes are none's.
    public init(stored reader: inout StoredReader) throws(StoredReader.Damage) {
        self.init()
        compressedBytes = Int64(try reader.number())
        uncompressedBytes = Int64(try reader.number())
        keptBytes = Int64(try reader.number())
        entries = try reader.number()
        repairedPaths = try reader.number()
        clampedPaths = try reader.number()
        ignoredEntries = try reader.number()
    }
}

extension Completeness {
    /// Puts it into a compact form.
    public func store(in writer: inout StoredWriter) {
        guard case .incomplete(let reason) = self else { return writer.write(0) }
        let (tag, text) =
            switch reason {
            case .limit(let limit): (1, limit.rawValue)
            case .truncated(let place): (2, place)
            case .damagedCompression(let how): (3, how)
            case .damagedArchive(let how): (4, how)
            case .notRead(let why): (5, why)
            }
        writer.write(tag)
        writer.write(text)
    }

    /// What was put there. Throws when the bytes are nothing of the kind.
    public init(stored reader: inout StoredReader) throws(StoredReader.Damage) {
        let tag = try reader.number()
        guard tag > 0 else {
            self = .complete
            return
        }
        let text = try reader.text()
        switch tag {
        case 1:
            guard let limit = LayerLimit(rawValue: text) else { throw StoredReader.Damage() }
            self = .incomplete(.limit(limit))
        case 2: self = .incomplete(.truncated(text))
        case 3: self = .incomplete(.damagedCompression(text))
        case 4: self = .incomplete(.damagedArchive(text))
        case 5: self = .incomplete(.notRead(text))
        default: throw StoredReader.Damage()
        }
    }
}
