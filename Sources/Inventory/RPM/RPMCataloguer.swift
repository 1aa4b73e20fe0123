import Layers

/// rpm's database of installed packages, in the three formats that it has had and the three places where it lies.
///
/// What the file begins with decides, not its name. Source: rpm, lib/backend (bdb, ndb, sqlite).
struct RPMCataloguer: Cataloguer {
    let clues: [Clue] = [
        .name("Packages"), .name("Packages.db"), .name("rpmdb.sqlite"), .name("rpmdb.sqlite-wal"),
    ]

    private static let places = ["var/lib/rpm/", "usr/lib/sysimage/rpm/", "usr/share/rpm/"]

    func reader(for entry: LayerEntry) -> (any FileReader)? {
        guard isInPlace(entry.path) else { return nil }
        if entry.path.hasSuffix("-wal") {
            return BufferedReader(entry, limit: 64, excess: .isIgnored) { bytes throws(UnreadableFile) in
                try RPMCataloguer.readLog(bytes)
            }
        }
        let size = Int(clamping: entry.sizeInBytes)
        if size <= CatalogLimits.rpmDatabaseInBytes, let reader = RPMDatabaseReader(sizeInBytes: size) { return reader }
        return BufferedReader(entry, limit: 0) { bytes throws(UnreadableFile) in
            if bytes.isEmpty { return nil }
            throw UnreadableFile("larger than \(CatalogLimits.rpmDatabaseInBytes) bytes")
        }
    }

    func isDatabase(_ path: String) -> Bool { isInPlace(path) && !path.hasSuffix("-wal") }

    private func isInPlace(_ path: String) -> Bool {
        RPMCataloguer.places.contains { place in
            path.suffix(after: place).map { !$0.contains("/") } ?? false
        }
    }

    /// What stands in SQLite's log is missing in the database. rpm empties it when it ends well.
    private static func readLog(_ bytes: ByteView) throws(UnreadableFile) -> FileReading? {
        guard bytes.count > 32 else { return nil }
        throw UnreadableFile("holds changes that are not in the database: packages may be missing or too old")
    }
}
