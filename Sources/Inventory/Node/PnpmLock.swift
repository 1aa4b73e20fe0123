import Layers

/// The `packages:` of a `pnpm-lock.yaml`, versions 5 to 9, from its keys alone: `/name/1.0.0`, `/name@1.0.0(peer@2)`,
/// `'@scope/name@1.0.0':`.
enum PnpmLock {
    static func read(_ bytes: ByteView) throws(UnreadableFile) -> FileReading {
        var reading = FileReading()
        var isInPackages = false
        var sawVersion = false
        for line in Lines(bytes) {
            guard let first = line[0] else { continue }
            if first != 0x20 {
                isInPackages = line.hasPrefix("packages:")
                sawVersion = sawVersion || line.hasPrefix("lockfileVersion")
            } else if isInPackages, line.hasPrefix("  "), line[2] != 0x20, line.hasSuffix(":") {
                if let package = package(key: line.trimmed.text.dropLast()) { try reading.add(package) }
            }
        }
        guard sawVersion || bytes.trimmed.isEmpty else { throw UnreadableFile("no lock file of pnpm") }
        return reading
    }

    private static func package(key: Substring) -> Package? {
        var key = key.filter { $0 != "'" && $0 != "\"" }[...]
        if key.hasPrefix("/") { key = key.dropFirst() }
        guard !key.contains(":"), key.utf8.count <= CatalogLimits.wordInBytes else { return nil }
        key = key.prefix { $0 != "(" }
        let scopeEnd = key.hasPrefix("@") ? key.firstIndex(of: "/").map { key.index(after: $0) } : key.startIndex
        guard let nameStart = scopeEnd else { return nil }
        // The older form parts name and version by a slash, and names peers behind an underscore.
        guard let cut = key[nameStart...].firstIndex(where: { $0 == "@" || $0 == "/" }) else { return nil }
        let version = key[key.index(after: cut)...].prefix { $0 != "_" }
        return Package(npm: String(key[..<cut]), version: String(version))
    }
}
