/// `pom.properties`, which Maven puts into every archive that it builds.
enum JavaProperties {
    /// The package that it names; what it leaves out, its own path (`META-INF/maven/group/artifact/…`) or the file says.
    static func package(_ view: ByteView, path: String, file: JavaFileName) -> Package? {
        var values: [String: String] = [:]
        for line in Lines(view) {
            let line = line.trimmed
            guard line[0] != UInt8(ascii: "#"), line.count <= CatalogLimits.wordInBytes,
                let equals = line.firstIndex(of: UInt8(ascii: "="))
            else { continue }
            let value = line.dropping(equals + 1).trimmed.text
            // A variable that the build did not fill in.
            if !value.isEmpty, !value.hasPrefix("${") { values[line.prefix(equals).trimmed.text] = value }
        }
        let parts = path.split(separator: "/")
        let isMavenPath = parts.count == 5 && parts[1] == "maven"
        let group = values["groupId"] ?? (isMavenPath ? String(parts[2]) : nil)
        let artifact = values["artifactId"] ?? (isMavenPath ? String(parts[3]) : nil)
        guard let group, let artifact, let version = values["version"] ?? file.version else { return nil }
        return Package(kind: .maven, namespace: group, name: artifact, version: version, locations: [])
    }
}
