import Layers

/// The head of a distribution's metadata: fields as in a mail, up to the first empty line.
enum PythonMetadata {
    static func read(_ bytes: ByteView) throws(UnreadableFile) -> FileReading? {
        var name: String?
        var version: String?
        var license: String?
        var expression: String?
        var classified: [String] = []
        var isCutOff = false
        for line in Lines(bytes) {
            if line.isEmpty { break }
            isCutOff = line.isLast(of: bytes) && (line.hasPrefix("Name:") || line.hasPrefix("Version:"))
            if let value = value(of: "Name:", in: line) { name = name ?? value }
            if let value = value(of: "Version:", in: line) { version = version ?? value }
            if let value = value(of: "License:", in: line), value != "UNKNOWN" { license = value }
            if let value = value(of: "License-Expression:", in: line) { expression = value }
            if let value = value(of: "Classifier: License ::", in: line) {
                classified.append(value.split(separator: "::").last.map { String($0.drop { $0 == " " }) } ?? value)
            }
        }
        guard let name else { throw UnreadableFile("names no distribution") }
        guard let version else { throw UnreadableFile("\(name) has no version") }
        var reading = FileReading()
        if isCutOff { reading.note("the file ends in the middle of a line: \(name) \(version) may be incomplete") }
        let licenses = expression.map { [$0] } ?? license.map { [$0] } ?? classified
        try reading.add(Package(kind: .pypi, name: name, version: version, licenses: licenses, locations: []))
        return reading
    }

    private static func value(of field: StaticString, in line: ByteView) -> String? {
        guard line.hasPrefix(field) else { return nil }
        let value = line.dropping(field.utf8CodeUnitCount).trimmed
        return value.isEmpty || value.count > CatalogLimits.wordInBytes ? nil : value.text
    }
}
