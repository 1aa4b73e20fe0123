extension EntryLog {
    /// A log whose bytes come from elsewhere; nil unless a cursor can go through all of them, and every place and path in them is
    /// within bounds.
    init?(stored bytes: [UInt8], keptCount: Int, linkCount: Int, limits: LayerLimits) {
        guard bytes.count <= limits.indexBytes else { return nil }
        var reader = StoredReader(bytes)
        var path: [UInt8] = []
        do throws(StoredReader.Damage) {
            while reader.remaining > 0 {
                guard let kind = Kind(rawValue: try reader.byte()) else { return nil }
                let shared = try reader.number()
                guard shared <= path.count else { return nil }
                let added = try reader.content()
                path.removeSubrange(shared...)
                path += added
                guard path.count <= limits.pathLengthInBytes,
                    path.count(where: { $0 == UInt8(ascii: "/") }) <= limits.nesting
                else { return nil }
                switch kind {
                case .symbolicLink: guard try reader.content().count <= limits.pathLengthInBytes else { return nil }
                case .kept: guard try reader.number() < keptCount else { return nil }
                case .hardLink: guard try reader.number() < linkCount else { return nil }
                case .other, .directory, .whiteout, .opaqueDirectory, .dismissed: break
                }
            }
        } catch {
            return nil
        }
        self.init(trusted: bytes)
    }
}
