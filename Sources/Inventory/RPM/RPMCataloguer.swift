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
        return BufferedReader(
            entry,
            limit: CatalogLimits.rpmDatabaseInBytes,
            inPlace: { bytes throws(UnreadableFile) in try RPMCataloguer.read(&bytes) }
        )
    }

    func isDatabase(_ path: String) -> Bool { isInPlace(path) && !path.hasSuffix("-wal") }

    private func isInPlace(_ path: String) -> Bool {
        RPMCataloguer.places.contains { place in
            path.suffix(after: place).map { !$0.contains("/") } ?? false
        }
    }

    private static func read(_ bytes: inout [UInt8]) throws(UnreadableFile) -> FileReading? {
        var reading = FileReading()
        func add(_ header: ByteView) throws(UnreadableFile) {
            do throws(UnreadableFile) {
                try RPMPackage(RPMHeader(header))?.add(to: &reading)
            } catch {
                if reading.packages.count >= CatalogLimits.packagesPerFile { throw error }
                reading.note(error.reason)
            }
        }
        if RPMSQLiteDatabase.isOne(bytes) {
            try RPMSQLiteDatabase.forEachHeader(in: &bytes, add)
        } else {
            try bytes.withView { view throws(UnreadableFile) in try forEachHeader(in: view, add) }
        }
        return reading
    }

    private static func forEachHeader(
        in view: ByteView,
        _ body: (ByteView) throws(UnreadableFile) -> Void
    ) throws(UnreadableFile) {
        if view.hasPrefix("RpmP") {
            try RPMNativeDatabase.forEachHeader(in: view, body)
        } else if let database = BerkeleyHash(view) {
            try database.forEachValue(body)
        } else if !view.isEmpty {
            throw UnreadableFile("no database of rpm")
        }
    }

    /// What stands in SQLite's log is missing in the database. rpm empties it when it ends well.
    private static func readLog(_ bytes: ByteView) throws(UnreadableFile) -> FileReading? {
        guard bytes.count > 32 else { return nil }
        throw UnreadableFile("holds changes that are not in the database: packages may be missing or too old")
    }
}
