/// `META-INF/MANIFEST.MF`: the best there is where no build tool left its properties.
///
/// Source: Java SE, "JAR File Specification"; OSGi Core, "Bundle Manifest Headers".
enum JavaManifest {
    /// The names and values of the main section. A line that begins with a space continues the last one.
    static func mainSection(of view: ByteView) -> [String: String] {
        var values: [String: String] = [:]
        var key: String?
        for line in Lines(view) {
            if line.isEmpty { break }
            if line[0] == 0x20 {
                guard let key, values[key]?.utf8.count ?? 0 < CatalogLimits.wordInBytes else { continue }
                values[key, default: ""] += line.dropping(1).text
            } else if let colon = line.firstIndex(of: UInt8(ascii: ":")), colon <= 100 {
                let name = line.prefix(colon).text
                values[name] = line.dropping(colon + 1).prefix(CatalogLimits.wordInBytes).trimmed.text
                key = name
            } else {
                key = nil
            }
        }
        return values
    }

    /// The package that an archive seems to be; nil without a version, and for archives that only carry others.
    static func package(_ manifest: [String: String], project: String?, file: JavaFileName) -> Package? {
        let parts = (project ?? "").split(separator: "/")
        let isProject = parts.count == 5
        let stated = ["Implementation-Version", "Bundle-Version", "Specification-Version"].lazy
            .compactMap { manifest[$0] }.first { isVersion($0) }
        guard let version = file.version ?? stated, isProject || isLibrary(manifest, file) else { return nil }
        let artifact = isProject ? String(parts[3]) : file.artifact
        guard !artifact.isEmpty else { return nil }
        return Package(
            kind: .maven,
            namespace: isProject ? String(parts[2]) : group(manifest, artifact: artifact),
            name: artifact,
            version: version,
            licenses: manifest["Bundle-License"].map { [$0] } ?? [],
            locations: []
        )
    }

    /// Whether the manifest names a bundle that is of no group in `packages`: then it is a package beside them.
    static func isApart(_ manifest: [String: String], from packages: [Package]) -> Bool {
        guard let name = manifest["Bundle-SymbolicName"] else { return false }
        return !packages.contains { $0.namespace.map(name.hasPrefix) ?? false }
    }

    /// An application's own archive and a start script's jar have no version in their names, and nobody publishes them.
    private static func isLibrary(_ manifest: [String: String], _ file: JavaFileName) -> Bool {
        guard file.fileExtension == "jar" else { return false }
        return file.version != nil || manifest["Bundle-SymbolicName"] != nil
            || manifest["Implementation-Vendor-Id"] != nil
    }

    /// `org.apache.commons` of the bundle `org.apache.commons.commons-io` or `org.apache.commons.io`. A bundle that is called
    /// otherwise mostly has the name of its group (`com.google.inject` is that of `guice`). Nil when nothing is said.
    private static func group(_ manifest: [String: String], artifact: String) -> String? {
        if let vendor = manifest["Implementation-Vendor-Id"], isGroup(vendor) { return vendor }
        for key in ["Bundle-SymbolicName", "Automatic-Module-Name"] {
            guard let name = manifest[key]?.prefix(while: { $0 != ";" }) else { continue }
            let bare = name.filter { !$0.isWhitespace }
            guard bare != artifact, isGroup(bare), let dot = bare.lastIndex(of: ".") else { continue }
            if bare.hasSuffix(".\(artifact)") { return String(bare.dropLast(artifact.count + 1)) }
            let last = bare[bare.index(after: dot)...]
            let isLast = artifact.hasSuffix("-\(last)") || artifact.filter { $0 != "-" } == last.filter { $0 != "-" }
            guard isLast else { return bare }
            return isGroup(String(bare[..<dot])) ? String(bare[..<dot]) : bare
        }
        return nil
    }

    private static func isGroup(_ text: String) -> Bool {
        text.contains(".") && text.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F && $0 != UInt8(ascii: "/") }
    }

    private static func isVersion(_ text: String) -> Bool {
        text.first?.isNumber ?? false && !text.contains(" ")
    }
}
