import Layers

/// Java archives, and those inside of them: `pom.properties`, then the manifest, then the name of the file.
struct JavaCataloguer: Cataloguer {
    static let extensions = ["jar", "war", "ear", "par", "sar", "nar", "kar", "hpi", "jpi", "lpkg"]

    let clues: [Clue] = extensions.map { .fileExtension(".\($0)") }

    func reader(for entry: LayerEntry) -> (any FileReader)? {
        let name = String(entry.path.split(separator: "/").last ?? "")
        let parse: SiftedArchiveReader.Parse = { bytes throws(UnreadableFile) in
            var archive = JavaArchiveReader()
            try archive.read(bytes, name: name, inner: nil, depth: 0)
            return archive.reading
        }
        let size = Int(clamping: entry.sizeInBytes)
        if (JavaLimits.siftedFromInBytes...JavaLimits.archiveInBytes).contains(size),
            let reader = SiftedArchiveReader(sizeInBytes: size, parse: parse)
        {
            return reader
        }
        return BufferedReader(entry, limit: JavaLimits.archiveInBytes, parse: parse)
    }
}
