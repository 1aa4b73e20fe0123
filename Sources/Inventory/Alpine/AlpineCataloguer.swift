import Layers

/// apk's database of installed packages, in its old place and the one of merged-usr systems.
struct AlpineCataloguer: Cataloguer {
    let clues: [Clue] = [.name("installed")]

    func reader(for entry: LayerEntry) -> (any FileReader)? {
        guard isDatabase(entry.path) else { return nil }
        return StanzaReader(ApkInstalled(), limit: CatalogLimits.databaseInBytes)
    }

    func isDatabase(_ path: String) -> Bool { path == "lib/apk/db/installed" || path == "usr/lib/apk/db/installed" }
}
