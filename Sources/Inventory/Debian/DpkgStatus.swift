import Layers

/// dpkg's list of packages: stanzas of `Field: value`, parted by empty lines. Source: deb-control(5), dpkg(1) "Package states".
struct DpkgStatus: StanzaParser {
    mutating func finish(isInLine: Bool) throws(UnreadableFile) -> FileReading? {
        // dpkg ends every line; a file that does not was cut off, and its last stanza may be anything.
        if isInLine, statusIsRequired { reading.note("the file ends in the middle of a line") }
        if reading.packages.isEmpty, !sawField, hasText { throw UnreadableFile("no dpkg fields in it") }
        return reading
    }

    struct Stanza: TextStanza {
        var name: ByteView?
        var version: ByteView?
        var architecture: ByteView?
        var source: ByteView?
        var status: ByteView?
    }

    private let statusIsRequired: Bool
    private var reading = FileReading()
    private var sawField = false
    var hasText = false

    /// A stanza without `Status` counts only where none is required (`status.d`).
    init(statusIsRequired: Bool) { self.statusIsRequired = statusIsRequired }

    mutating func take(_ line: ByteView, _ stanza: inout Stanza) {
        // A continued line belongs to a field that is of no interest: the fields that are have one line.
        guard let first = line[0], first != 0x20, first != 0x09 else { return }
        switch first {
        case UInt8(ascii: "P"): stanza.name = value(of: "Package:", in: line) ?? stanza.name
        case UInt8(ascii: "V"): stanza.version = value(of: "Version:", in: line) ?? stanza.version
        case UInt8(ascii: "A"): stanza.architecture = value(of: "Architecture:", in: line) ?? stanza.architecture
        case UInt8(ascii: "S"):
            stanza.status = value(of: "Status:", in: line) ?? stanza.status
            stanza.source = value(of: "Source:", in: line) ?? stanza.source
        default: return
        }
    }

    private mutating func value(of field: StaticString, in line: ByteView) -> ByteView? {
        guard line.hasPrefix(field) else { return nil }
        sawField = true
        return line.dropping(field.utf8CodeUnitCount).trimmed
    }

    mutating func end(_ stanza: Stanza) throws(UnreadableFile) {
        guard let name = stanza.name, !name.isEmpty, name.count <= CatalogLimits.wordInBytes else {
            reading.note("a stanza without a package name")
            return
        }
        switch state(of: stanza) {
        case .installed: break
        case .absent: return
        case .broken(let word):
            reading.note("\(name.text) is \(word): it is not counted as installed")
            return
        }
        guard let version = stanza.version, !version.isEmpty, version.count <= CatalogLimits.wordInBytes else {
            reading.note("\(name.text) has no version")
            return
        }
        let package = Package(
            kind: .deb,
            name: name.text,
            version: version.text,
            architecture: stanza.architecture?.text,
            source: source(of: stanza, name: name, version: version),
            locations: []
        )
        try reading.add(package)
    }

    private enum State {
        case installed
        case absent
        case broken(String)
    }

    /// The third word of `Status: want flag state`. Those that wait for triggers are unpacked and configured.
    private func state(of stanza: Stanza) -> State {
        guard let status = stanza.status else { return statusIsRequired ? .absent : .installed }
        guard let space = status.bytes.lastIndex(of: 0x20) else { return .broken("in the state \(status.text)") }
        let word = status.dropping(space + 1)
        if word.equals("installed") || word.equals("triggers-pending") || word.equals("triggers-awaited") {
            return .installed
        }
        if word.equals("config-files") || word.equals("not-installed") { return .absent }
        return .broken(word.prefix(40).text)
    }

    /// `name (version)`, `name`, or nothing when it is the package's own.
    private func source(of stanza: Stanza, name: ByteView, version: ByteView) -> Package.Source {
        guard let source = stanza.source, !source.isEmpty else {
            return Package.Source(name: name.text, version: version.text)
        }
        guard let open = source.firstIndex(of: UInt8(ascii: "(")) else {
            return Package.Source(name: source.text, version: version.text)
        }
        let close = source.firstIndex(of: UInt8(ascii: ")"), from: open) ?? source.count
        let stated = source.slice(from: open + 1, count: close - open - 1)?.trimmed
        let text = stated.flatMap { $0.isEmpty ? nil : $0.text }
        return Package.Source(name: source.prefix(open).trimmed.text, version: text ?? version.text)
    }
}
