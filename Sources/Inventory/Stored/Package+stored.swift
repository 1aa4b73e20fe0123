public import Layers

extension Package {
    /// Puts the package into a compact form.
    public func store(in writer: inout StoredWriter) {
        writer.write(kind.rawValue)
        writer.write(namespace)
        writer.write(name)
        writer.write(version)
        writer.write(architecture)
        writer.write(source?.name)
        if let source { writer.write(source.version) }
        writer.write(licenses) { writer, license in writer.write(license) }
        writer.write(locations) { writer, location in
            writer.write(location.path)
            // One more, so that 0 is none.
            writer.write(location.layer.map { max(0, $0) &+ 1 } ?? 0)
            writer.write(location.inner)
        }
        writer.write(ownedBy)
        writer.write(modularityLabel)
    }

    /// The package that was put there. Throws when the bytes are no package's.
    public init(stored reader: inout StoredReader) throws(StoredReader.Damage) {
        guard let kind = Kind(rawValue: try reader.text()) else { throw StoredReader.Damage() }
        let namespace = try reader.optionalText()
        let name = try reader.text()
        let version = try reader.text()
        let architecture = try reader.optionalText()
        var source: Source?
        if let name = try reader.optionalText() { source = Source(name: name, version: try reader.text()) }
        self.init(
            kind: kind,
            namespace: namespace,
            name: name,
            version: version,
            architecture: architecture,
            source: source,
            licenses: try reader.elements { reader throws(StoredReader.Damage) in try reader.text() },
            locations: try reader.elements { reader throws(StoredReader.Damage) in
                let path = try reader.text()
                let layer = try reader.number()
                return Location(path: path, layer: layer == 0 ? nil : layer - 1, inner: try reader.optionalText())
            },
            ownedBy: try reader.optionalText(),
            modularityLabel: try reader.optionalText()
        )
    }
}

extension Release {
    func store(in writer: inout StoredWriter) {
        writer.write(id)
        writer.write(idLike) { writer, word in writer.write(word) }
        writer.write(version)
        writer.write(codename)
        writer.write(cpe)
        writer.write(prettyName)
    }

    init(stored reader: inout StoredReader) throws(StoredReader.Damage) {
        self.init(
            id: try reader.text(),
            idLike: try reader.elements { reader throws(StoredReader.Damage) in try reader.text() },
            version: try reader.text(),
            codename: try reader.optionalText(),
            cpe: try reader.optionalText(),
            prettyName: try reader.text()
        )
    }
}
