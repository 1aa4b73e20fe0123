import Layers

/// What Composer installed: `vendor/composer/installed.json`, a list in version 1 and an object in version 2.
struct PHPCataloguer: Cataloguer {
    let clues: [Clue] = [.name("installed.json")]

    func reader(for entry: LayerEntry) -> (any FileReader)? {
        guard entry.path.hasSuffix("composer/installed.json") else { return nil }
        return BufferedReader(entry, limit: CatalogLimits.lockFileInBytes) { bytes throws(UnreadableFile) in
            try PHPCataloguer.read(bytes)
        }
    }

    private static func read(_ bytes: ByteView) throws(UnreadableFile) -> FileReading? {
        var reading = FileReading()
        var cursor = JSONCursor(bytes)
        if try cursor.kind() == .array {
            try readPackages(&cursor, into: &reading)
        } else {
            try cursor.object { cursor, key throws(UnreadableFile) in
                if key.equals("packages"), try cursor.kind() == .array { try readPackages(&cursor, into: &reading) }
            }
        }
        try cursor.end()
        return reading
    }

    private static func readPackages(
        _ cursor: inout JSONCursor,
        into reading: inout FileReading
    ) throws(UnreadableFile) {
        try cursor.array { cursor throws(UnreadableFile) in
            var name: String?
            var version: String?
            var licenses: [String] = []
            try cursor.object { cursor, key throws(UnreadableFile) in
                if key.equals("name") { name = try cursor.word() }
                if key.equals("version") { version = try cursor.word() }
                if key.equals("license"), try cursor.kind() == .array {
                    try cursor.array { cursor throws(UnreadableFile) in
                        if let word = try cursor.word(), licenses.count < 20 { licenses.append(word) }
                    }
                }
            }
            guard let name, let version, !name.isEmpty, !version.isEmpty else {
                return reading.note("\(name ?? "a package without a name") has no version")
            }
            let parts = name.split(separator: "/", maxSplits: 1)
            try reading.add(
                Package(
                    kind: .composer,
                    namespace: parts.count == 2 ? String(parts[0]) : nil,
                    name: String(parts.last ?? ""),
                    version: version,
                    licenses: licenses,
                    locations: []
                )
            )
        }
    }
}
