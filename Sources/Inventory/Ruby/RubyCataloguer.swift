import Layers

/// Installed gems, from the `specifications` directory of a Ruby: `*.gemspec`, those that come with it under `default/`.
struct RubyCataloguer: Cataloguer {
    let clues: [Clue] = [.fileExtension(".gemspec")]

    func reader(for entry: LayerEntry) -> (any FileReader)? {
        let parts = entry.path.split(separator: "/")
        // A gem's own source carries its specification too; installed is what RubyGems has written here.
        let directory = parts.dropLast().last == "default" ? parts.dropLast(2).last : parts.dropLast().last
        guard directory == "specifications" else { return nil }
        return BufferedReader(entry, limit: CatalogLimits.manifestInBytes) { bytes throws(UnreadableFile) in
            try Gemspec.read(bytes)
        }
    }
}
