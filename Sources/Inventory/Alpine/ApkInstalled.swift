import Layers

/// apk's text database: stanzas of `X:value`, parted by empty lines. Source: Alpine wiki, "Apk spec", "Installed Database V2".
struct ApkInstalled: StanzaParser {
    mutating func finish(isInLine: Bool) throws(UnreadableFile) -> FileReading? {
        if isInLine { reading.note("the file ends in the middle of a line") }
        if reading.packages.isEmpty, hasText {
            throw UnreadableFile(reading.problems.first ?? "no apk fields in it")
        }
        return reading
    }

    struct Stanza: TextStanza {
        var name: ByteView?
        var version: ByteView?
        var architecture: ByteView?
        var origin: ByteView?
        var license: ByteView?
        var directory = PathHash()
        var directoryIsRoot = true
        var paths: [PathHash] = []
    }

    private var reading = FileReading()
    var hasText = false

    mutating func take(_ line: ByteView, _ stanza: inout Stanza) {
        guard let field = line[0], line[1] == UInt8(ascii: ":") else { return }
        let value = line.dropping(2)
        switch field {
        case UInt8(ascii: "P"): stanza.name = value
        case UInt8(ascii: "V"): stanza.version = value
        case UInt8(ascii: "A"): stanza.architecture = value
        case UInt8(ascii: "o"): stanza.origin = value
        case UInt8(ascii: "L"): stanza.license = value
        case UInt8(ascii: "F"):
            stanza.directory = PathHash(value)
            stanza.directoryIsRoot = value.isEmpty
        case UInt8(ascii: "R"):
            guard stanza.paths.count < CatalogLimits.filesPerPackage else { return }
            var path = stanza.directory
            if !stanza.directoryIsRoot { path.append(UInt8(ascii: "/")) }
            path.append(value)
            stanza.paths.append(path)
        default: return
        }
    }

    mutating func end(_ stanza: Stanza) throws(UnreadableFile) {
        guard let name = stanza.name, !name.isEmpty, name.count <= CatalogLimits.wordInBytes else {
            reading.note("a stanza without a package name")
            return
        }
        guard let version = stanza.version, !version.isEmpty, version.count <= CatalogLimits.wordInBytes else {
            reading.note("\(name.text) has no version")
            return
        }
        let origin = stanza.origin.flatMap { $0.isEmpty ? nil : $0 } ?? name
        let license = stanza.license.flatMap { $0.isEmpty ? nil : $0.prefix(CatalogLimits.wordInBytes).text }
        let package = Package(
            kind: .apk,
            name: name.text,
            version: version.text,
            architecture: stanza.architecture?.text,
            source: Package.Source(name: origin.text, version: version.text),
            licenses: license.map { [$0] } ?? [],
            locations: []
        )
        try reading.add(package)
        if !stanza.paths.isEmpty { reading.ownership.append(OwnedFiles(owner: package.name, paths: stanza.paths)) }
    }
}
