import Layers

/// Java archives, and those inside of them: `pom.properties`, then the manifest, then the name of the file.
struct JavaCataloguer: Cataloguer {
    static let extensions = ["jar", "war", "ear", "par", "sar", "nar", "kar", "hpi", "jpi", "lpkg"]

    let clues: [Clue] = extensions.map { .fileExtension(".\($0)") }

    func reader(for entry: LayerEntry) -> (any FileReader)? {
        let name = String(entry.path.split(separator: "/").last ?? "")
        let size = Int(clamping: entry.sizeInBytes)
        if (JavaLimits.siftedFromInBytes...JavaLimits.archiveInBytes).contains(size),
            let reader = SiftedArchiveReader(name: name, sizeInBytes: size)
        {
            return reader
        }
        return BufferedReader(entry, limit: JavaLimits.archiveInBytes) { bytes throws(UnreadableFile) in
            try JavaArchiveReader.reading(bytes, name: name)
        }
    }
}
