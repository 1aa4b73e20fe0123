import Layers

/// The `package.json` of an installed package. Source: docs.npmjs.com, "package.json".
enum NodeManifest {
    static func read(_ bytes: ByteView) throws(UnreadableFile) -> FileReading? {
        var cursor = JSONCursor(bytes)
        var name: String?
        var version: String?
        var licenses: [String] = []
        try cursor.object { cursor, key throws(UnreadableFile) in
            if key.equals("name") { name = try cursor.word() }
            if key.equals("version") { version = try cursor.word() }
            if key.equals("license") || key.equals("licenses") { licenses += try NodeManifest.licenses(&cursor) }
        }
        try cursor.end()
        // Directories without a name or version hold a part of a package, or a private one that no registry knows.
        guard let name, let version, let package = Package(npm: name, version: version, licenses: licenses) else {
            return nil
        }
        return FileReading(packages: [package])
    }

    /// `"MIT"`, `{"type": "MIT"}`, or a list of either.
    private static func licenses(_ cursor: inout JSONCursor) throws(UnreadableFile) -> [String] {
        guard try cursor.kind() == .array else { return try license(&cursor).map { [$0] } ?? [] }
        var found: [String] = []
        try cursor.array { cursor throws(UnreadableFile) in
            if let license = try license(&cursor), found.count < 20 { found.append(license) }
        }
        return found
    }

    private static func license(_ cursor: inout JSONCursor) throws(UnreadableFile) -> String? {
        guard try cursor.kind() == .object else { return try cursor.word() }
        var type: String?
        try cursor.object { cursor, key throws(UnreadableFile) in
            if key.equals("type") { type = try cursor.word() }
        }
        return type
    }
}
