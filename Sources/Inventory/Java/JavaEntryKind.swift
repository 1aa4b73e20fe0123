/// What an entry of an archive tells, by its name.
enum JavaEntryKind {
    /// `pom.properties`.
    case properties
    /// A `pom.xml` of Maven, whose place names the package.
    case project
    /// `META-INF/MANIFEST.MF`.
    case manifest
    /// An archive in the archive.
    case archive

    /// Nil for what tells nothing: classes and resources, which are nearly all.
    init?(_ name: ByteView) {
        if name.hasSuffix("pom.properties") {
            self = .properties
        } else if name.hasSuffix("pom.xml"), name.hasPrefix("META-INF/maven/") {
            self = .project
        } else if name.equals("META-INF/MANIFEST.MF") {
            self = .manifest
        } else if let dot = name.bytes.lastIndex(of: UInt8(ascii: ".")), name.count - dot <= 5,
            JavaCataloguer.extensions.contains(name.dropping(dot + 1).text.lowercased())
        {
            self = .archive
        } else {
            return nil
        }
    }
}
