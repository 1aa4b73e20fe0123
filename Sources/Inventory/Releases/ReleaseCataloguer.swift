import Layers

/// The files in which a distribution says its name.
struct ReleaseCataloguer: Cataloguer {
    let clues: [Clue] = ReleaseCataloguer.sources.map { .name(String($0.path.split(separator: "/").last ?? "")) }

    // The first that can be read decides. Source: os-release(5) for the first two; the rest is from before it, by custom.
    static let sources: [(path: String, parse: @Sendable (ByteView) -> Release?)] = [
        ("etc/os-release", Release.parsingOSRelease),
        ("usr/lib/os-release", Release.parsingOSRelease),
        ("etc/lsb-release", Release.parsingLSBRelease),
        ("etc/alpine-release", { Release.parsingBareVersion($0, id: "alpine", name: "Alpine Linux") }),
        ("etc/centos-release", Release.parsingRedHatRelease),
        ("etc/redhat-release", Release.parsingRedHatRelease),
        ("etc/system-release", Release.parsingRedHatRelease),
        ("etc/debian_version", Release.parsingDebianVersion),
    ]

    func reader(for entry: LayerEntry) -> (any FileReader)? {
        guard let source = ReleaseCataloguer.sources.first(where: { $0.path == entry.path }) else { return nil }
        return BufferedReader(entry, limit: CatalogLimits.releaseInBytes) { bytes throws(UnreadableFile) in
            if let release = source.parse(bytes) { return FileReading(release: release) }
            // An empty one is how some images leave it out.
            if bytes.trimmed.isEmpty { return nil }
            throw UnreadableFile("names no distribution")
        }
    }
}

extension Release {
    /// The one that the file of the highest standing names.
    static func preferred(of found: [(path: String, release: Release)]) -> Release? {
        for source in ReleaseCataloguer.sources {
            if let hit = found.first(where: { $0.path == source.path }) { return hit.release }
        }
        return nil
    }
}
