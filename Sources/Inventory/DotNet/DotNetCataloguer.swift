import Layers

/// The packages that a .NET application is deployed with, from its `*.deps.json`.
///
/// Source: dotnet/sdk, documentation/specs/runtime-configuration-file.md.
struct DotNetCataloguer: Cataloguer {
    let clues: [Clue] = [.fileExtension(".json")]

    func reader(for entry: LayerEntry) -> (any FileReader)? {
        guard entry.path.hasSuffix(".deps.json") else { return nil }
        return BufferedReader(entry, limit: CatalogLimits.lockFileInBytes) { bytes throws(UnreadableFile) in
            try DotNetCataloguer.read(bytes)
        }
    }

    private static func read(_ bytes: ByteView) throws(UnreadableFile) -> FileReading? {
        var reading = FileReading()
        var cursor = JSONCursor(bytes)
        try cursor.object { cursor, key throws(UnreadableFile) in
            guard key.equals("libraries"), try cursor.kind() == .object else { return }
            try cursor.object { cursor, key throws(UnreadableFile) in
                guard try cursor.kind() == .object else { return }
                let library = key.text
                var type: String?
                try cursor.object { cursor, key throws(UnreadableFile) in
                    if key.equals("type") { type = try cursor.word() }
                }
                if let package = package(library, type: type) { try reading.add(package) }
            }
        }
        try cursor.end()
        return reading
    }

    /// `Name/1.2.3`. `project` and `reference` are the application's own; a self-contained one carries the runtime as a pack.
    private static func package(_ library: String, type: String?) -> Package? {
        guard type == "package" || type == "runtimepack", library.utf8.count <= CatalogLimits.wordInBytes,
            let slash = library.lastIndex(of: "/")
        else { return nil }
        let name = library[..<slash]
        let version = String(library[library.index(after: slash)...])
        let bare = name.hasPrefix("runtimepack.") ? name.dropFirst("runtimepack.".count) : name
        guard !bare.isEmpty, !version.isEmpty else { return nil }
        return Package(kind: .nuget, name: String(bare), version: version, locations: [])
    }
}
