import Layers

/// Installed Python distributions: `x.dist-info/METADATA`, `x.egg-info/PKG-INFO`, `x.egg/EGG-INFO/PKG-INFO`, and `x.egg-info` as a
/// file.
///
/// Source: packaging.python.org, "Core metadata specifications" and "Recording installed projects".
struct PythonCataloguer: Cataloguer {
    let clues: [Clue] = [.name("METADATA"), .name("PKG-INFO"), .fileExtension(".egg-info")]

    func reader(for entry: LayerEntry) -> (any FileReader)? {
        guard PythonCataloguer.isMetadata(entry.path) else { return nil }
        return BufferedReader(entry, limit: CatalogLimits.metadataHeadInBytes, excess: .isIgnored) {
            bytes throws(UnreadableFile) in try PythonMetadata.read(bytes)
        }
    }

    private static func isMetadata(_ path: String) -> Bool {
        path.hasSuffix(".dist-info/METADATA") || path.hasSuffix(".egg-info/PKG-INFO")
            || path.hasSuffix("EGG-INFO/PKG-INFO") || path.hasSuffix(".egg-info")
    }
}
