import Layers

/// `package-lock.json` and `npm-shrinkwrap.json`, versions 1 to 3. Source: docs.npmjs.com, "package-lock.json".
enum NpmLock {
    /// Trees of version 1 are as deep as `node_modules` was nested.
    private static let depthLimit = 64

    static func read(_ bytes: ByteView) throws(UnreadableFile) -> FileReading {
        var flat: [Package] = []
        var nested: [Package] = []
        var sawPackages = false
        var cursor = JSONCursor(bytes)
        try cursor.object { cursor, key throws(UnreadableFile) in
            if key.equals("packages"), try cursor.kind() == .object {
                sawPackages = true
                try readPackages(&cursor, into: &flat)
            } else if key.equals("dependencies"), try cursor.kind() == .object {
                try readDependencies(&cursor, into: &nested, depth: 0)
            }
        }
        try cursor.end()
        // Version 2 says everything twice, and less exactly in the old place.
        var reading = FileReading()
        reading.packages = sawPackages ? flat : nested
        return reading
    }

    /// By paths: `node_modules/a/node_modules/@s/b`. Others are the application itself and its workspaces.
    private static func readPackages(_ cursor: inout JSONCursor, into found: inout [Package]) throws(UnreadableFile) {
        try cursor.object { cursor, key throws(UnreadableFile) in
            let marker: StaticString = "node_modules/"
            guard try cursor.kind() == .object, key.raw.firstIndex(of: marker) != nil else { return }
            var name = String(key.text.split(separator: "node_modules/").last ?? "")
            var version: String?
            var isLink = false
            var licenses: [String] = []
            try cursor.object { cursor, key throws(UnreadableFile) in
                // Stated where it is installed under another name.
                if key.equals("name") { name = try cursor.word() ?? name }
                if key.equals("version") { version = try cursor.word() }
                if key.equals("license") { licenses = try cursor.word().map { [$0] } ?? [] }
                if key.equals("link") { isLink = true }
            }
            try append(Package(npm: name, version: isLink ? "" : version ?? "", licenses: licenses), to: &found)
        }
    }

    private static func readDependencies(
        _ cursor: inout JSONCursor,
        into found: inout [Package],
        depth: Int
    ) throws(UnreadableFile) {
        guard depth < depthLimit else { throw UnreadableFile("dependencies nested deeper than \(depthLimit)") }
        try cursor.object { cursor, key throws(UnreadableFile) in
            guard try cursor.kind() == .object else { return }
            let name = key.text
            try cursor.object { cursor, key throws(UnreadableFile) in
                if key.equals("version"), let version = try cursor.word() {
                    try append(package(name: name, version: version), to: &found)
                } else if key.equals("dependencies"), try cursor.kind() == .object {
                    try readDependencies(&cursor, into: &found, depth: depth + 1)
                }
            }
        }
    }

    /// `npm:real-name@1.2.3` is an alias; `file:`, `git+ssh://…` and URLs are not from the registry.
    private static func package(name: String, version: String) -> Package? {
        if let alias = version.suffix(after: "npm:"), let at = alias.lastIndex(of: "@"), at > alias.startIndex {
            return Package(npm: String(alias[..<at]), version: String(alias[alias.index(after: at)...]))
        }
        return version.contains(":") ? nil : Package(npm: name, version: version)
    }

    private static func append(_ package: Package?, to found: inout [Package]) throws(UnreadableFile) {
        guard let package else { return }
        guard found.count < CatalogLimits.packagesPerFile else {
            throw UnreadableFile("more than \(CatalogLimits.packagesPerFile) packages in one file")
        }
        found.append(package)
    }
}
