import Layers

/// What npm and its kin installed (`node_modules/x/package.json`), and, where nothing is installed, what a lock file pins.
struct NodeCataloguer: Cataloguer {
    let clues: [Clue] = [
        .name("package.json"), .name("package-lock.json"), .name("npm-shrinkwrap.json"), .name("yarn.lock"),
        .name("pnpm-lock.yaml"),
    ]

    func reader(for entry: LayerEntry) -> (any FileReader)? {
        let parts = entry.path.split(separator: "/", omittingEmptySubsequences: false)
        guard let file = parts.last else { return nil }
        if file == "package.json" {
            guard NodeCataloguer.isInstalled(parts.dropLast()) else { return nil }
            return BufferedReader(entry, limit: CatalogLimits.manifestInBytes) { bytes throws(UnreadableFile) in
                try NodeManifest.read(bytes)
            }
        }
        // The lock file of an installed package pins what its authors develop with.
        guard !parts.contains("node_modules"), !NodeCataloguer.isDebian(parts[...]) else { return nil }
        let directory = String(entry.path.dropLast(file.count)) + "node_modules/"
        let parse: @Sendable (ByteView) throws(UnreadableFile) -> FileReading
        switch file {
        case "yarn.lock": parse = YarnLock.read
        case "pnpm-lock.yaml": parse = PnpmLock.read
        default: parse = NpmLock.read
        }
        return BufferedReader(entry, limit: CatalogLimits.lockFileInBytes) { bytes throws(UnreadableFile) in
            var reading = try parse(bytes)
            reading.standsInFor = directory
            return reading
        }
    }

    /// Whether the directory is `…/node_modules/name` or `…/node_modules/@scope/name`: deeper ones are parts of a package.
    private static func isInstalled(_ directory: ArraySlice<Substring>) -> Bool {
        guard let name = directory.last, !name.hasPrefix("."), !name.hasPrefix("@") else { return false }
        let above = directory.dropLast()
        let parent = above.last?.hasPrefix("@") ?? false ? above.dropLast() : above
        return parent.last == "node_modules" || (isDebian(parent) && parent.count <= 4 && parent.last == "nodejs")
    }

    /// Debian's own place for them: `usr/share/nodejs`, `usr/lib/nodejs`, `usr/lib/x86_64-linux-gnu/nodejs`.
    private static func isDebian(_ parts: ArraySlice<Substring>) -> Bool {
        guard parts.count >= 3, parts[0] == "usr" else { return false }
        return (parts[1] == "share" || parts[1] == "lib")
            && (parts[2] == "nodejs" || (parts.count > 3 && parts[3] == "nodejs"))
    }
}

extension Package {
    /// A package of npm: `@scope/name` is told apart; nil when a part is missing.
    init?(npm name: String, version: String, licenses: [String] = []) {
        var scope: String?
        var bare = name[...]
        if name.hasPrefix("@"), let slash = name.firstIndex(of: "/") {
            scope = String(name[..<slash])
            bare = name[name.index(after: slash)...]
        }
        guard !bare.isEmpty, !version.isEmpty else { return nil }
        self.init(
            kind: .npm,
            namespace: scope,
            name: String(bare),
            version: version,
            licenses: licenses,
            locations: []
        )
    }
}
